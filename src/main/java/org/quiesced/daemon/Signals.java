// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The signals that the daemon takes. Java has no other way to hear of them than a class that is called internal. */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private Signals() {}

    /** Runs something at each SIGHUP, which asks a daemon to read its configuration again, on a thread of Java's own. */
    static void onHangup(Runnable reaction) {
        sun.misc.Signal.handle(new sun.misc.Signal("HUP"), signal -> reaction.run());
    }

    /** Ends the process at SIGTERM, unless devices are in flight: their drivers' waits would be cut short. */
    static void onTermination(BooleanSupplier inFlight, Runnable end) {
        sun.misc.Signal.handle(new sun.misc.Signal("TERM"), signal -> {
            if (inFlight.getAsBoolean()) {
                LOG.warn("SIGTERM is ignored: devices are in flight");
            } else {
                end.run();
            }
        });
    }
}
