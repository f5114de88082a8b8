// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

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

    static native long lseek(int fd, long offset, int whence) throws LastErrorException;

    /** The length is a {@code size_t}, and so is what is returned but for its sign. */
    static native long read(int fd, Pointer data, long length) throws LastErrorException;

    static native long write(int fd, Pointer data, long length) throws LastErrorException;

    /** Variadic in C; on amd64 and arm64 Linux a pointer is passed to a variadic function as to any other. */
    static native int ioctl(int fd, long request, Pointer argument) throws LastErrorException;

    /** Says nothing of errors but -1; {@link com.sun.jna.Native#getLastError} has the number. The path ends with a zero byte. */
    static native int statx(int directory, byte[] path, int flags, int mask, byte[] result);

    /** Variadic in C; on amd64 and arm64 Linux integers are passed to a variadic function as to any other. */
    static native long syscall(long number, long first, long second, long third, long fourth, long fifth);

    static native int mkfifo(String path, int mode) throws LastErrorException;

    static native int mlockall(int flags) throws LastErrorException;

    /** The address is a pointer, and the length a {@code size_t}: so for mprotect. */
    static native int madvise(long address, long length, int advice) throws LastErrorException;

    static native int mprotect(long address, long length, int protection) throws LastErrorException;

    /** Variadic in C, as {@link #ioctl} is. */
    static native long syscall(long number, long first, long second, Pointer third) throws LastErrorException;

    static native int umount2(String path, int flags) throws LastErrorException;

    static native int socket(int domain, int type, int protocol) throws LastErrorException;

    static native int bind(int fd, Pointer address, int length) throws LastErrorException;

    static native int connect(int fd, Pointer address, int length) throws LastErrorException;

    static native int listen(int fd, int backlog) throws LastErrorException;

    static native int accept4(int fd, Pointer address, Pointer length, int flags) throws LastErrorException;

    /** The lengths are {@code size_t}, and so is what is returned but for its sign. */
    static native long send(int fd, byte[] data, long length, int flags) throws LastErrorException;

    static native long recvfrom(int fd, byte[] data, long length, int flags, Pointer address, Pointer addressLength)
            throws LastErrorException;

    static native int setsockopt(int fd, int level, int name, Pointer value, int length) throws LastErrorException;

    static native int getsockopt(int fd, int level, int name, Pointer value, Pointer length) throws LastErrorException;

    static native int shutdown(int fd, int how) throws LastErrorException;

    static native int poll(Pointer polled, long count, int milliseconds) throws LastErrorException;

    static native int isatty(int fd);

    static native int geteuid();

    static native String strerror(int errno);
}
