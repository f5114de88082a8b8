// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import java.io.IOException;

/** Thrown when a system call fails. */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Function not implemented. */
    public static final int ENOSYS = 38;

    /** Device or resource busy ({@code asm-generic/errno-base.h}). */
    public static final int EBUSY = 16;

    /** No such device ({@code asm-generic/errno-base.h}). */
    public static final int ENODEV = 19;

    /**
     * Broken pipe ({@code asm-generic/errno-base.h}); from {@code /dev/kmsg}: messages were overwritten before they
     * were read.
     */
    public static final int EPIPE = 32;

    /** No medium found ({@code asm-generic/errno.h}). */
    public static final int ENOMEDIUM = 123;

    /** Operation not permitted ({@code asm-generic/errno-base.h}). */
    public static final int EPERM = 1;

    /** No such file or directory ({@code asm-generic/errno-base.h}). */
    public static final int ENOENT = 2;

    /** Not a directory ({@code asm-generic/errno-base.h}). */
    public static final int ENOTDIR = 20;

    /** No such device or address ({@code asm-generic/errno-base.h}). */
    public static final int ENXIO = 6;

    /** Permission denied ({@code asm-generic/errno-base.h}). */
    public static final int EACCES = 13;

    /** Interrupted system call ({@code asm-generic/errno-base.h}). */
    public static final int EINTR = 4;

    /** Try again: a time limit has passed ({@code asm-generic/errno-base.h}). */
    public static final int EAGAIN = 11;

    /** Not a request for this kind of file. */
    public static final int ENOTTY = 25;

    /** Not a file with positions, or without a page cache. */
    public static final int ESPIPE = 29;

    /** No data available ({@code asm-generic/errno.h}). */
    public static final int ENODATA = 61;

    /** File name too long ({@code asm-generic/errno.h}). */
    public static final int ENAMETOOLONG = 36;

    /** No buffer space available: messages were lost ({@code asm-generic/errno.h}). */
    public static final int ENOBUFS = 105;

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
