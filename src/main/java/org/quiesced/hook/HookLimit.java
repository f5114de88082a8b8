// SPDX-License-Identifier: Apache-2.0
package org.quiesced.hook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.quiesced.config.Config;
import org.quiesced.host.SystemManager;

/**
 * Time limit of systemd for its shutdown hooks. It is compiled in ({@code DEFAULT_TIMEOUT_USEC}, used in
 * {@code src/shutdown/shutdown.c}), and known only from the equal default of {@code DefaultTimeoutStopSec=} in the
 * shipped {@code system.conf}. A script outside the daemon's root file system writes it, in seconds, to the file
 * {@code hook-limit}.
 */
public final class HookLimit {
    /** Limit that is assumed if the file does not exist or is not valid. */
    public static final Duration USUAL = SystemManager.DEFAULT_TIMEOUT;

    /** Time between the end of a run and systemd's limit. */
    private static final Duration MARGIN = USUAL.minus(Config.LONGEST_DEADLINE);

    private final Path file;

    /**
     * Creates an instance; reads nothing.
     *
     * @param directory the directory of the file
     */
    public HookLimit(Path directory) {
        this.file = directory.resolve("hook-limit");
    }

    /**
     * Returns the deadline of a run: the configured one, or less if systemd would end the hook earlier; at least one
     * second.
     *
     * @param spent how long the hook has run already, for example while it waited for a firmware update
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
