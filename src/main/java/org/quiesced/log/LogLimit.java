// SPDX-License-Identifier: Apache-2.0
package org.quiesced.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** Limits the severity of the messages that are logged. */
public final class LogLimit {
    private LogLimit() {}

    /**
     * Sets the least urgent level that is logged, until the log is opened anew. The record of a shutdown has a logger
     * with a level of its own, so it is always written.
     *
     * @param level from 0 (emergency) to 7 (debug), as in syslog(3); no message of quiesced is more urgent than 3
     *     (error)
     */
    public static void set(int level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(leastUrgent(level));
    }

    private static Level leastUrgent(int level) {
        return Stream.of(Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR)
                .filter(known -> Logging.priority(known).level() <= level)
                .findFirst()
                .orElse(Level.OFF);
    }
}
