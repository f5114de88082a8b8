// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** The functions of the C library that are called. The C types are those of 64-bit Linux (LP64). */
final class Libc {
    static {
        Native.register(Libc.class, NativeLibrary.getProcess());
    }

    private Libc() {}

    /** Opens a file and returns its descriptor: open(2). */
    static native int open(String path, int flags) throws LastErrorException;

    /** Closes a descriptor: close(2). */
    static native int close(int fd) throws LastErrorException;

    /** Moves the offset of an open file and returns the new one: lseek(2). */
    static native long lseek(int fd, long offset, int whence) throws LastErrorException;

    /** Reads at most {@code length} bytes, a {@code size_t}, and returns their number, 0 at the end: read(2). */
    static native long read(int fd, Pointer data, long length) throws LastErrorException;

    /** Writes at most {@code length} bytes and returns their number: write(2). */
    static native long write(int fd, Pointer data, long length) throws LastErrorException;

    /** Reads at an offset, an {@code off_t}, without moving that of the file: pread(2). */
    static native long pread(int fd, Pointer data, long length, long offset) throws LastErrorException;

    /** Writes at an offset, an {@code off_t}, without moving that of the file: pwrite(2). */
    static native long pwrite(int fd, Pointer data, long length, long offset) throws LastErrorException;

    /**
     * Writes a part of a file, up to its end if the length is 0, to its drive: sync_file_range(2). The offset and the
     * length are of type {@code off64_t}.
     */
    static native int sync_file_range(int fd, long offset, long length, int flags) throws LastErrorException;

    /**
     * Sends a request to a device: ioctl(2). Variadic in C; amd64 and arm64 Linux pass a pointer to it as to any
     * function.
     */
    static native int ioctl(int fd, long request, Pointer argument) throws LastErrorException;

    /**
     * Reads the status of a file, whose path ends with a zero byte: statx(2). The error is in
     * {@link com.sun.jna.Native#getLastError}.
     */
    static native int statx(int directory, byte[] path, int flags, int mask, byte[] result);

    /** Makes a system call: syscall(2). Variadic in C; amd64 and arm64 Linux pass integers to it as to any function. */
    static native long syscall(long number, long first, long second, long third, long fourth, long fifth);

    /** Makes a named pipe: mkfifo(3). */
    static native int mkfifo(String path, int mode) throws LastErrorException;

    /** Locks the pages of the process in memory: mlockall(2). */
    static native int mlockall(int flags) throws LastErrorException;

    /** Advises on the use of mapped pages: madvise(2). The address is a pointer, the length a {@code size_t}. */
    static native int madvise(long address, long length, int advice) throws LastErrorException;

    /** Sets the protection of mapped pages: mprotect(2). The address is a pointer, the length a {@code size_t}. */
    static native int mprotect(long address, long length, int protection) throws LastErrorException;

    /** Makes a system call with a pointer: syscall(2). Variadic in C, as {@link #ioctl} is. */
    static native long syscall(long number, long first, long second, Pointer third) throws LastErrorException;

    /** Unmounts a file system: umount2(2). */
    static native int umount2(String path, int flags) throws LastErrorException;

    /** Creates a socket and returns its descriptor: socket(2). */
    static native int socket(int domain, int type, int protocol) throws LastErrorException;

    /** Gives a socket its local address: bind(2). */
    static native int bind(int fd, Pointer address, int length) throws LastErrorException;

    /** Connects a socket to an address: connect(2). */
    static native int connect(int fd, Pointer address, int length) throws LastErrorException;

    /** Makes a socket listen for connections: listen(2). */
    static native int listen(int fd, int backlog) throws LastErrorException;

    /** Waits for a connection and returns its descriptor: accept4(2). */
    static native int accept4(int fd, Pointer address, Pointer length, int flags) throws LastErrorException;

    /** Sends at most {@code length} bytes, a {@code size_t}, and returns their number: send(2). */
    static native long send(int fd, byte[] data, long length, int flags) throws LastErrorException;

    /** Receives at most {@code length} bytes with the address of the sender, and returns their number: recvfrom(2). */
    static native long recvfrom(int fd, byte[] data, long length, int flags, Pointer address, Pointer addressLength)
            throws LastErrorException;

    /** Sets an option of a socket: setsockopt(2), socket(7). */
    static native int setsockopt(int fd, int level, int name, Pointer value, int length) throws LastErrorException;

    /** Reads an option of a socket: getsockopt(2), socket(7), unix(7). */
    static native int getsockopt(int fd, int level, int name, Pointer value, Pointer length) throws LastErrorException;

    /** Shuts down a connection, in one or both directions: shutdown(2). */
    static native int shutdown(int fd, int how) throws LastErrorException;

    /** Waits at most that many milliseconds for events on descriptors and returns the number of ready ones: poll(2). */
    static native int poll(Pointer polled, long count, int milliseconds) throws LastErrorException;

    /** Returns 1 if a descriptor is a terminal, else 0: isatty(3). */
    static native int isatty(int fd);

    /** Returns the effective user identifier of the process: geteuid(2). */
    static native int geteuid();

    /** Returns the message of an error number: strerror(3). */
    static native String strerror(int errno);
}
