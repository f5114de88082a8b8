// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux.ffi;

import java.io.IOException;

/** A system call failed. */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Device or resource busy ({@code asm-generic/errno-base.h}). */
    public static final int EBUSY = 16;

    private final int errno;

    ErrnoException(String path, int errno) {
        super(path + ": " + Libc.strerror(errno));
        this.errno = errno;
    }

    /** Returns the error's number. */
    public int errno() {
        return errno;
    }
}
