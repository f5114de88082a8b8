// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.quiesced.log.Logging;
import org.quiesced.report.EventMessages;

/** The log of a daemon: keeps what it is told. */
final class HeardLog extends Logging.NoLog {
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<String> switches = new CopyOnWriteArrayList<>();

    /** Returns the sentences that were said, at any time. */
    List<String> said() {
        return said;
    }

    /** Returns {@code begin} and {@code end} of each shutdown, at any time. */
    List<String> switches() {
        return switches;
    }

    @Override
    public void say(EventMessages.Message sentence) {
        said.add(sentence.text());
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
