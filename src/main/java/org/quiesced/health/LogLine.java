// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

/**
 * A line for the log of a unit.
 *
 * @param warning whether an administrator should see it
 */
public record LogLine(boolean warning, String text) {
    /** The priority "warning" of syslog(3), as systemd takes it from a line of a unit's output (sd-daemon(3)). */
    private static final String WARNING = "<4>";

    static LogLine info(String text) {
        return new LogLine(false, text);
    }

    static LogLine warning(String text) {
        return new LogLine(true, text);
    }

    /**
     * Returns it as it is written.
     *
     * @param toJournal whether systemd's journal reads it, and not a person
     */
    public String written(boolean toJournal) {
        return warning && toJournal ? WARNING + text : text;
    }
}
