// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux.ffi;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.util.OptionalInt;

/** What the C library knows of this process. */
public final class Host {
    /** {@code TIOCGWINSZ} of {@code asm-generic/ioctls.h}. */
    static final long TIOCGWINSZ = 0x5413L;
    /** {@code sizeof(struct winsize)} of {@code asm-generic/termios.h}. */
    static final int WINSIZE_SIZE = 8;
    /** The offset of {@code ws_row} in it, which has two bytes. */
    static final int WINSIZE_ROWS = 0;

    private Host() {}

    /** Returns whether the process runs as root. */
    public static boolean isRoot() {
        return Libc.geteuid() == 0;
    }

    /** Returns whether the standard output is a terminal. */
    public static boolean outputIsTerminal() {
        return Libc.isatty(1) == 1;
    }

    /** Returns how many rows the terminal of the standard output has, or nothing if it is none or does not say. */
    public static OptionalInt outputRows() {
        try (Memory size = new Memory(WINSIZE_SIZE)) {
            size.clear();
            Libc.ioctl(1, TIOCGWINSZ, size);
            int rows = Short.toUnsignedInt(size.getShort(WINSIZE_ROWS));
            return rows == 0 ? OptionalInt.empty() : OptionalInt.of(rows);
        } catch (LastErrorException e) {
            return OptionalInt.empty();
        }
    }
}
