// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals that the daemon and the one-shot command take. Java handles signals only by an internal class.
 */
public final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    /** The exit code of a process that ends at a signal is the signal's number and this, as shells have it. */
    private static final int OF_SIGNALS = 128;

    private Signals() {}

    /**
     * Runs something at each SIGHUP, which asks a daemon to read its configuration again, on a thread of Java's own.
     */
    public static void onHangup(Runnable reaction) {
        sun.misc.Signal.handle(new sun.misc.Signal("HUP"), signal -> reaction.run());
    }

    /**
     * Takes the signals that a terminal or a session sends to end a process, as far as they are not ignored already.
     *
     * @param mayEnd whether the process may end now
     * @param refusal is run when it may not, the first time only
     * @param end ends the process, with that exit code
     */
    public static void onInterruption(BooleanSupplier mayEnd, Runnable refusal, IntConsumer end) {
        AtomicBoolean refused = new AtomicBoolean();
        for (String name : List.of("INT", "TERM", "HUP")) {
            sun.misc.Signal taken = new sun.misc.Signal(name);
            sun.misc.SignalHandler before = sun.misc.Signal.handle(taken, signal -> {
                if (mayEnd.getAsBoolean()) {
                    end.accept(OF_SIGNALS + signal.getNumber());
                } else if (refused.compareAndSet(false, true)) {
                    refusal.run();
                }
            });
            if (before == sun.misc.SignalHandler.SIG_IGN) {
                sun.misc.Signal.handle(taken, before);
            }
        }
    }

    /** Ends the process at SIGTERM, unless devices are in flight: their drivers' waits would be cut short. */
    public static void onTermination(BooleanSupplier inFlight, Runnable end) {
        sun.misc.Signal.handle(new sun.misc.Signal("TERM"), signal -> {
            if (inFlight.getAsBoolean()) {
                LOG.warn("SIGTERM is ignored: devices are in flight");
            } else {
                end.run();
            }
        });
    }
}
