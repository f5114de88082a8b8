// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;

/** An open file that supports ioctls, unlike the files of Java. Not thread-safe. */
public final class NativeFile implements AutoCloseable {
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 1;
    /** {@code SEEK_END} of {@code linux/fs.h}. */
    private static final int SEEK_END = 2;

    private static final int O_RDWR = 2;
    /** {@code O_NOCTTY} of {@code asm-generic/fcntl.h}. */
    static final int O_NOCTTY = 0400;
    /**
     * {@code O_EXCL} of {@code asm-generic/fcntl.h}; without {@code O_CREAT} it requests the exclusive claim on a block
     * device.
     */
    static final int O_EXCL = 0200;
    /** {@code O_NONBLOCK} of {@code asm-generic/fcntl.h}. */
    static final int O_NONBLOCK = 04000;

    /** {@code O_CLOEXEC} of {@code asm-generic/fcntl.h}. */
    static final int O_CLOEXEC = 02000000;

    private final String path;
    private final boolean isStandIn;
    private int fd;

    private NativeFile(String path, int fd, boolean isStandIn) {
        this.path = path;
        this.isStandIn = isStandIn;
        this.fd = fd;
    }

    /**
     * Opens a file for reading, which suffices for ioctls sent by root.
     *
     * @throws ErrnoException if that fails
     */
    public static NativeFile open(String path) throws ErrnoException {
        return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    }

    /**
     * Opens a stand-in for a device, such as {@code /dev/null}: an ioctl that it does not know counts as carried out,
     * with 0 as the result and without an effect on the argument.
     *
     * @throws ErrnoException if that fails
     */
    public static NativeFile openStandIn(String path) throws ErrnoException {
        return open(path, O_RDONLY | O_CLOEXEC, true);
    }

    /**
     * Opens a block device for reading and claims it. A drive for removable media is opened even without a medium:
     * {@code O_NONBLOCK} requests that ({@code sd_open} in {@code drivers/scsi/sd.c}) and does not affect the claim,
     * which depends on {@code O_EXCL} alone ({@code blkdev_open} in {@code fs/block_dev.c}, since Linux 5.15 in {@code
     * block/fops.c}).
     *
     * @throws ErrnoException if that fails; with {@link ErrnoException#EBUSY} if the device has another exclusive user
     */
    public static NativeFile openExclusively(String path) throws ErrnoException {
        return open(path, O_RDONLY | O_EXCL | O_NONBLOCK | O_CLOEXEC);
    }

    /**
     * Opens a file for writing.
     *
     * @throws ErrnoException if that fails
     */
    public static NativeFile openForWriting(String path) throws ErrnoException {
        return open(path, O_WRONLY | O_CLOEXEC);
    }

    /**
     * Opens a pipe or a terminal for non-blocking {@link #write}. It is opened for both directions, so that opening a
     * named pipe does not wait for its other end (fifo(7)).
     *
     * @throws ErrnoException if that fails
     */
    public static NativeFile openForWords(String path) throws ErrnoException {
        return open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    }

    private static NativeFile open(String path, int flags) throws ErrnoException {
        return open(path, flags, false);
    }

    private static NativeFile open(String path, int flags, boolean isStandIn) throws ErrnoException {
        try {
            return new NativeFile(path, Libc.open(path, flags), isStandIn);
        } catch (LastErrorException e) {
            throw new ErrnoException(path, e.getErrorCode());
        }
    }

    /**
     * Writes a text in one system call. The call does not block if the file was opened by {@link #openForWords}; a text
     * of at most {@code PIPE_BUF}, 4096, bytes is then written to a pipe as a whole or not at all (pipe(7)).
     *
     * @throws ErrnoException if that fails; with {@link ErrnoException#EAGAIN} if there is no room
     */
    public void write(String text) throws ErrnoException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Memory data = new Memory(bytes.length);
        data.write(0, bytes, 0, bytes.length);
        try {
            Libc.write(fd, data, bytes.length);
        } catch (LastErrorException e) {
            throw new ErrnoException(path, e.getErrorCode());
        } finally {
            Reference.reachabilityFence(data);
        }
    }

    /**
     * Reads some bytes in one system call.
     *
     * @param most maximum number of bytes
     * @return the bytes read; none at the end
     * @throws ErrnoException if that fails
     */
    public byte[] read(int most) throws ErrnoException {
        Memory data = new Memory(most);
        try {
            return data.getByteArray(0, (int) Libc.read(fd, data, most));
        } catch (LastErrorException e) {
            throw new ErrnoException(path, e.getErrorCode());
        }
    }

    /**
     * Moves the offset to the end of the file.
     *
     * @throws ErrnoException if that fails
     */
    public void seekToEnd() throws ErrnoException {
        try {
            Libc.lseek(fd, 0, SEEK_END);
        } catch (LastErrorException e) {
            throw new ErrnoException(path, e.getErrorCode());
        }
    }

    /**
     * Sends an ioctl whose argument is a struct, which the kernel may write to.
     *
     * @return the result of the ioctl: 0, or a positive number with a specific meaning
     * @throws ErrnoException if the ioctl fails
     */
    int ioctl(long request, CStruct argument) throws ErrnoException {
        try {
            return ioctl(request, argument.pointer());
        } finally {
            Reference.reachabilityFence(argument);
        }
    }

    /**
     * Sends an ioctl without an argument.
     *
     * @return the result of the ioctl
     * @throws ErrnoException if the ioctl fails
     */
    int ioctl(long request) throws ErrnoException {
        return ioctl(request, Pointer.NULL);
    }

    /**
     * Sends an ioctl whose argument is a number.
     *
     * @return the result of the ioctl
     * @throws ErrnoException if the ioctl fails
     */
    int ioctl(long request, long argument) throws ErrnoException {
        return ioctl(request, Pointer.createConstant(argument));
    }

    /**
     * Sends an ioctl whose argument is a string that the kernel reads.
     *
     * @return the result of the ioctl
     * @throws ErrnoException if the ioctl fails
     */
    int ioctl(long request, String argument) throws ErrnoException {
        byte[] bytes = (argument + "\0").getBytes(StandardCharsets.UTF_8);
        Memory text = new Memory(bytes.length);
        text.write(0, bytes, 0, bytes.length);
        try {
            return ioctl(request, (Pointer) text);
        } finally {
            Reference.reachabilityFence(text);
        }
    }

    private int ioctl(long request, Pointer argument) throws ErrnoException {
        try {
            return Libc.ioctl(fd, request, argument);
        } catch (LastErrorException e) {
            if (isStandIn && e.getErrorCode() == ErrnoException.ENOTTY) {
                return 0;
            }
            throw new ErrnoException(path, e.getErrorCode());
        }
    }

    /**
     * Returns a file for a descriptor that an ioctl of this file has returned; a stand-in if this file is one.
     *
     * @param name its name in messages
     * @throws ErrnoException if this is a stand-in and no other can be opened
     */
    NativeFile adopt(int descriptor, String name) throws ErrnoException {
        return isStandIn ? openStandIn("/dev/null") : new NativeFile(name, descriptor, false);
    }

    /** Returns whether this was opened by {@link #openStandIn}. */
    boolean isStandIn() {
        return isStandIn;
    }

    /** Returns the path, for messages. */
    String path() {
        return path;
    }

    /** Returns the descriptor, for use in a struct that contains it. */
    int descriptor() {
        return fd;
    }

    /**
     * Reads a number of four bytes at an offset, in one system call.
     *
     * @return the number; 0 at the end of a stand-in
     * @throws ErrnoException if that fails, or if there are fewer bytes ({@code ENODATA})
     */
    int readInt(long offset) throws ErrnoException {
        Memory data = new Memory(Integer.BYTES);
        data.clear();
        try {
            if (Libc.pread(fd, data, Integer.BYTES, offset) != Integer.BYTES && !isStandIn) {
                throw new ErrnoException(path, ErrnoException.ENODATA);
            }
            return data.getInt(0);
        } catch (LastErrorException e) {
            throw new ErrnoException(path, e.getErrorCode());
        }
    }

    /**
     * Writes a number of four bytes at an offset, in one system call.
     *
     * @throws ErrnoException if that fails, or not all bytes were written ({@code ENODATA})
     */
    void writeInt(long offset, int value) throws ErrnoException {
        Memory data = new Memory(Integer.BYTES);
        data.setInt(0, value);
        try {
            if (Libc.pwrite(fd, data, Integer.BYTES, offset) != Integer.BYTES) {
                throw new ErrnoException(path, ErrnoException.ENODATA);
            }
        } catch (LastErrorException e) {
            if (!isStandIn) {
                throw new ErrnoException(path, e.getErrorCode());
            }
        } finally {
            Reference.reachabilityFence(data);
        }
    }

    /** Closes the file. A second call has no effect. */
    @Override
    public void close() {
        if (fd >= 0) {
            int closing = fd;
            fd = -1;
            try {
                Libc.close(closing);
            } catch (LastErrorException e) {
                // Linux has closed the descriptor even if close(2) fails.
                return;
            }
        }
    }
}
