// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.util.OptionalInt;

/** Operations of the C library on this process and its terminal, and on its files and mounts. */
public final class Host {
    /** {@code TIOCGWINSZ} of {@code asm-generic/ioctls.h}. */
    static final long TIOCGWINSZ = 0x5413L;
    /** {@code sizeof(struct winsize)} of {@code asm-generic/termios.h}. */
    static final int WINSIZE_SIZE = 8;
    /** The offset of {@code ws_row} in it, which has two bytes. */
    static final int WINSIZE_ROWS = 0;
    /** The offset of {@code ws_col}, of the same size. */
    static final int WINSIZE_COLUMNS = 2;

    /** {@code MCL_CURRENT}, {@code MCL_FUTURE} and {@code MCL_ONFAULT} of {@code asm-generic/mman.h}. */
    static final int MCL_CURRENT = 1;

    static final int MCL_FUTURE = 2;
    static final int MCL_ONFAULT = 4;

    /** {@code MNT_DETACH} of {@code sys/mount.h}. */
    static final int MNT_DETACH = 2;

    private Host() {}

    /**
     * Locks the pages of this process in memory: those that it has touched, and later ones when it touches them
     * (mlockall(2)).
     *
     * @throws ErrnoException if the limit {@code RLIMIT_MEMLOCK} is too low
     */
    public static void lockMemory() throws ErrnoException {
        try {
            Libc.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
        } catch (LastErrorException e) {
            throw new ErrnoException("mlockall", e.getErrorCode());
        }
    }

    /**
     * Makes a named pipe.
     *
     * @param mode its permissions, reduced by the process's umask
     * @throws ErrnoException if that fails, for example because the path exists
     */
    public static void makeFifo(String path, int mode) throws ErrnoException {
        try {
            Libc.mkfifo(path, mode);
        } catch (LastErrorException e) {
            throw new ErrnoException(path, e.getErrorCode());
        }
    }

    /**
     * Detaches the topmost mount at a path, and all mounts below it, from this process's mount namespace (umount(2),
     * {@code MNT_DETACH}).
     *
     * @throws ErrnoException if that fails
     */
    public static void detachMount(String path) throws ErrnoException {
        try {
            Libc.umount2(path, MNT_DETACH);
        } catch (LastErrorException e) {
            throw new ErrnoException("umount " + path, e.getErrorCode());
        }
    }

    /** Returns whether the process runs as root. */
    public static boolean isRoot() {
        return user() == 0;
    }

    /** Returns the effective user ID of the process. */
    public static int user() {
        return Libc.geteuid();
    }

    /** Returns whether the standard output is a terminal. */
    public static boolean outputIsTerminal() {
        return Libc.isatty(1) == 1;
    }

    /**
     * Returns the number of rows of the standard output's terminal; empty if it is not a terminal or does not report
     * it.
     */
    public static OptionalInt outputRows() {
        return outputSize(WINSIZE_ROWS);
    }

    /** Returns the number of its columns; empty if it is no terminal or does not report it. */
    public static OptionalInt outputColumns() {
        return outputSize(WINSIZE_COLUMNS);
    }

    private static OptionalInt outputSize(int offset) {
        try (Memory size = new Memory(WINSIZE_SIZE)) {
            size.clear();
            Libc.ioctl(1, TIOCGWINSZ, size);
            int count = Short.toUnsignedInt(size.getShort(offset));
            return count == 0 ? OptionalInt.empty() : OptionalInt.of(count);
        } catch (LastErrorException e) {
            return OptionalInt.empty();
        }
    }
}
