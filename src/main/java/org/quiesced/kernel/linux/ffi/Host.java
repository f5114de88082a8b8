// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux.ffi;

/** What the C library knows of this process. */
public final class Host {
    private Host() {}

    /** Returns whether the process runs as root. */
    public static boolean isRoot() {
        return Libc.geteuid() == 0;
    }

    /** Returns whether the standard output is a terminal. */
    public static boolean outputIsTerminal() {
        return Libc.isatty(1) == 1;
    }
}
