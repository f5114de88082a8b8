// SPDX-License-Identifier: Apache-2.0
package org.quiesced.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** How much is logged. */
public final class LogLimit {
    private LogLimit() {}

    /**
     * Lets nothing through that is less urgent than a level, until the log is opened anew. The record of a shutdown has
     * a logger with a level of its own, so it is written in any case.
     *
     * @param level as syslog(3) has them: 0 (emergency) to 7 (debug); nothing of ours is more urgent than 3 (error)
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
