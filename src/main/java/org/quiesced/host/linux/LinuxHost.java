// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import org.quiesced.linux.Host;
import org.quiesced.linux.PseudoFile;

/** The process and its machine. */
public final class LinuxHost {
    /** {@code AUDIT_UID_UNSET} of {@code linux/audit.h}. */
    private static final String NO_LOGIN = "4294967295";

    private LinuxHost() {}

    /** Returns whether the process runs as root. */
    public static boolean isRoot() {
        return Host.isRoot();
    }

    /** Returns the user ID of the process. */
    public static int user() {
        return Host.user();
    }

    /**
     * Returns whether the user of the process differs from the login user, by the kernel's audit subsystem ({@code
     * /proc/self/loginuid} of proc(5)); false if there is no login user or it is unknown.
     */
    public static boolean becameAnotherUser() {
        return PseudoFile.read("/proc/self/loginuid")
                .map(LinuxHost::isAnotherUser)
                .orElse(false);
    }

    private static boolean isAnotherUser(String login) {
        return !login.equals(NO_LOGIN) && !login.equals(Integer.toUnsignedString(user()));
    }

    /** Returns whether the standard output is a terminal. */
    public static boolean outputIsTerminal() {
        return Host.outputIsTerminal();
    }

    /** Returns the number of rows of the standard output's terminal; empty if unknown. */
    public static OptionalInt outputRows() {
        return Host.outputRows();
    }

    /** Returns the number of columns of the standard output's terminal; empty if unknown. */
    public static OptionalInt outputColumns() {
        return Host.outputColumns();
    }

    /**
     * Locks the pages that this process has touched in memory, and later ones when it touches them.
     *
     * @throws IOException if the process may not lock that much memory
     */
    public static void lockMemory() throws IOException {
        Host.lockMemory();
    }

    /** Returns the running kernel's release, for example {@code 6.1.0-50-amd64}. */
    public static String kernelRelease() {
        return PseudoFile.read("/proc/sys/kernel/osrelease").orElse("unknown");
    }

    /**
     * Returns the id of the present boot, from {@code /proc/sys/kernel/random/boot_id}; an empty string if it cannot be
     * read.
     */
    public static String bootId() {
        return PseudoFile.read("/proc/sys/kernel/random/boot_id").orElse("");
    }

    /** Returns the uptime of the machine, in nanoseconds, by the clock of the kernel's log. */
    public static long uptimeNanos() {
        return PseudoFile.read("/proc/uptime")
                .map(text -> Math.round(Double.parseDouble(text.split(" ")[0]) * 1e9))
                .orElse(0L);
    }

    /**
     * Returns the time since an uptime; zero if the text is not a number, or the uptime is in the future.
     *
     * @param uptime in seconds, in the format of {@code /proc/uptime}
     */
    public static Duration since(String uptime) {
        try {
            long begin = Math.round(Double.parseDouble(uptime) * 1e9);
            return Duration.ofNanos(Math.max(0, uptimeNanos() - begin));
        } catch (NumberFormatException e) {
            return Duration.ZERO;
        }
    }
}
