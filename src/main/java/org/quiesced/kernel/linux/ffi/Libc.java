// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux.ffi;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** The functions of the C library that we call. The C types are those of 64-bit Linux (LP64). */
final class Libc {
    static {
        Native.register(Libc.class, "c");
    }

    private Libc() {}

    static native int open(String path, int flags) throws LastErrorException;

    static native int close(int fd) throws LastErrorException;

    /** Variadic in C; on amd64 and arm64 Linux a pointer is passed to a variadic function as to any other. */
    static native int ioctl(int fd, long request, Pointer argument) throws LastErrorException;

    static native int isatty(int fd);

    static native int geteuid();

    static native String strerror(int errno);
}
