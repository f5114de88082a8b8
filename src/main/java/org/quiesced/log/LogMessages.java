// SPDX-License-Identifier: Apache-2.0
package org.quiesced.log;

import org.quiesced.report.EventMessages.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the messages of a run. */
public final class LogMessages {
    /** The logger of the lines that carry a record. */
    static final String RECORD = "quiesced.record";

    private static final Logger LOG = LoggerFactory.getLogger("quiesced");
    private static final Logger CARRIED = LoggerFactory.getLogger(RECORD);

    private LogMessages() {}

    /** Logs a line of the record, for the next boot. */
    public static void carry(String line) {
        CARRIED.debug("{}", line);
    }

    /** Logs a message at the level of its severity. */
    public static void log(Message message) {
        switch (message.severity()) {
            case DEBUG -> LOG.debug("{}", message.text());
            case INFO -> LOG.info("{}", message.text());
            case WARNING -> LOG.warn("{}", message.text());
        }
    }
}
