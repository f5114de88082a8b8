// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

/** Comparison of two tasks. */
public final class Tasks {
    /** {@code KCMP_FILES} of {@code linux/kcmp.h}. */
    static final int KCMP_FILES = 2;
    /** {@code __NR_kcmp} of amd64 ({@code asm/unistd_64.h}), and of arm64 ({@code asm-generic/unistd.h}). */
    static final long NR_KCMP = System.getProperty("os.arch").equals("aarch64") ? 272 : 312;

    private Tasks() {}

    /**
     * Returns whether two tasks share a table of open files (kcmp(2)). A thread shares that of its process unless it
     * has requested its own. False if unknown, as on a kernel without {@code CONFIG_KCMP}.
     */
    public static boolean shareOpenFiles(int first, int second) {
        return Libc.syscall(NR_KCMP, first, second, KCMP_FILES, 0, 0) == 0;
    }
}
