// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Locale;
import java.util.Set;

/**
 * Decides whether the output has colours, as systemd's tools do (systemctl(1), section ENVIRONMENT).
 *
 * <ul>
 *   <li>{@code SYSTEMD_COLORS}: whether it has colours, wherever it goes; {@code 16}, {@code 256} and {@code 24bit}
 *       enable them too. Another value is ignored.
 *   <li>Otherwise it has colours if it goes to a terminal, except if {@code NO_COLOR} is not empty, or {@code TERM} is
 *       {@code dumb} or not set.
 * </ul>
 */
final class Colours {
    private static final Set<String> ON = Set.of("1", "yes", "y", "true", "t", "on", "16", "256", "24bit");
    private static final Set<String> OFF = Set.of("0", "no", "n", "false", "f", "off");

    private Colours() {}

    /** Returns whether text has colours there. */
    static boolean areOn(Terminal terminal) {
        String wanted = terminal.variable("SYSTEMD_COLORS").toLowerCase(Locale.ROOT);
        if (ON.contains(wanted) || OFF.contains(wanted)) {
            return ON.contains(wanted);
        }
        return terminal.isDrawnOn() && terminal.variable("NO_COLOR").isEmpty();
    }
}
