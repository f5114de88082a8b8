// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import org.quiesced.linux.Host;
import org.quiesced.linux.PseudoFile;

/** This process and the machine that it runs on. */
public final class LinuxHost {
    /** {@code AUDIT_UID_UNSET} of {@code linux/audit.h}. */
    private static final String NO_LOGIN = "4294967295";

    private LinuxHost() {}

    /** Returns whether the process runs as root. */
    public static boolean isRoot() {
        return Host.isRoot();
    }

    /** Returns the number of the user that the process runs as. */
    public static int user() {
        return Host.user();
    }

    /**
     * Returns whether the process runs as another user than the one who logged in, as the kernel's audit subsystem
     * noted it ({@code /proc/self/loginuid} of proc(5)); false where nobody logged in, or that is not known.
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

    /** Returns how many rows the terminal of the standard output has, if it says so. */
    public static OptionalInt outputRows() {
        return Host.outputRows();
    }

    /** Returns how many columns it has, if it says so. */
    public static OptionalInt outputColumns() {
        return Host.outputColumns();
    }

    /**
     * Keeps in memory what this process has touched, and what it will touch, from the moment that it does.
     *
     * @throws IOException if the process may not lock so much
     */
    public static void lockMemory() throws IOException {
        Host.lockMemory();
    }

    /** Returns the running kernel's release, for example {@code 6.1.0-50-amd64}. */
    public static String kernelRelease() {
        return PseudoFile.read("/proc/sys/kernel/osrelease").orElse("unknown");
    }

    /**
     * Returns the identifier of the present boot, as {@code /proc/sys/kernel/random/boot_id} has it; an empty text if
     * that cannot be read.
     */
    public static String bootId() {
        return PseudoFile.read("/proc/sys/kernel/random/boot_id").orElse("");
    }

    /** Returns how long the machine has been up, in nanoseconds: the clock of the kernel's log. */
    public static long uptimeNanos() {
        return PseudoFile.read("/proc/uptime")
                .map(text -> Math.round(Double.parseDouble(text.split(" ")[0]) * 1e9))
                .orElse(0L);
    }

    /**
     * Returns the time since the machine had reached an uptime; zero if that is no number, or still to come.
     *
     * @param uptime in seconds, as {@code /proc/uptime} says it
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
