// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

/**
 * A line of a unit's log.
 *
 * @param warning whether its priority is "warning" rather than "info"
 */
public record LogLine(boolean warning, String text) {
    /**
     * The prefix for the priority "warning" of syslog(3), which systemd reads from the output of a unit (sd-daemon(3)).
     */
    private static final String WARNING = "<4>";

    static LogLine info(String text) {
        return new LogLine(false, text);
    }

    static LogLine warning(String text) {
        return new LogLine(true, text);
    }

    /**
     * Returns the line as it is written.
     *
     * @param toJournal whether the output goes to systemd's journal, and needs the prefix
     */
    public String written(boolean toJournal) {
        return warning && toJournal ? WARNING + text : text;
    }
}
