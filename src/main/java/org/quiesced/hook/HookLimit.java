// SPDX-License-Identifier: Apache-2.0
package org.quiesced.hook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.quiesced.config.Config;
import org.quiesced.host.SystemManager;

/**
 * How long systemd lets its shutdown hooks run. That is compiled in ({@code DEFAULT_TIMEOUT_USEC}, used in
 * {@code src/shutdown/shutdown.c}), and can only be known from the default of {@code DefaultTimeoutStopSec=}, the same
 * figure, as the shipped {@code system.conf} shows it. The script that is run outside of the daemon's own root file
 * system writes it, in seconds, to the file {@code hook-limit}.
 */
public final class HookLimit {
    /** Limit that is assumed if nothing else is known. */
    public static final Duration USUAL = SystemManager.DEFAULT_TIMEOUT;

    /** Time by which the hook, and so the run, ends before systemd's limit. */
    private static final Duration MARGIN = USUAL.minus(Config.LONGEST_DEADLINE);

    private final Path file;

    /**
     * Makes it.
     *
     * @param directory where the file may be
     */
    public HookLimit(Path directory) {
        this.file = directory.resolve("hook-limit");
    }

    /**
     * Returns the deadline of a run: the configured one, or a shorter one if systemd would end the hook before; a
     * second at least.
     *
     * @param spent how long the hook has been at work before the run, for example while it waited for firmware updates
     */
    public Duration deadline(Duration configured, Duration spent) {
        Duration longest = read().minus(MARGIN).minus(spent);
        Duration deadline = configured.compareTo(longest) < 0 ? configured : longest;
        return deadline.compareTo(Config.SHORTEST) < 0 ? Config.SHORTEST : deadline;
    }

    private Duration read() {
        try {
            return Duration.ofSeconds(Integer.parseInt(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException e) {
            return USUAL;
        }
    }
}
