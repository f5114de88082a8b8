// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.quiesced.log.Logging;
import org.quiesced.report.EventMessages;

/** A log of the daemon that records what is written to it. */
final class HeardLog extends Logging.NoLog {
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<String> switches = new CopyOnWriteArrayList<>();

    /** Returns the logged messages, in a list that grows with the log. */
    List<String> said() {
        return said;
    }

    /** Returns {@code begin} and {@code end} of each shutdown, in a list that grows with the log. */
    List<String> switches() {
        return switches;
    }

    @Override
    public void say(EventMessages.Message message) {
        said.add(message.text());
    }

    @Override
    public void begin() {
        switches.add("begin");
    }

    @Override
    public void end() {
        switches.add("end");
    }
}
