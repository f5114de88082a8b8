// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import java.util.function.Consumer;
import org.quiesced.kernel.Kernel;
import org.quiesced.log.Logging;
import org.quiesced.method.DriveTypes;
import org.quiesced.report.EventMessages.Message;
import org.quiesced.report.EventMessages.Severity;
import org.quiesced.run.LeftStops;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.WorkerSource;

/**
 * Stops, before a late phase, the disks that a process has left without a driver and not stopped, because it has ended.
 */
final class LeftDisks {
    private final Kernel kernel;
    private final WorkerSource workers;
    private final Logging.ShutdownLog log;

    LeftDisks(Kernel kernel, WorkerSource workers, Logging.ShutdownLog log) {
        this.kernel = kernel;
        this.workers = workers;
        this.log = log;
    }

    /** Returns whether there are disks that a verb asks to stop. */
    boolean areDue(Verb verb) {
        return LeftStops.areDue(kernel, verb);
    }

    /**
     * Returns what stops them, and then goes on.
     *
     * @param types know how their drives are stopped
     * @param deadline how long that and what follows may take
     * @param goOn receives the time that is left of it, however the stops have ended
     */
    Runnable stopAndThen(DriveTypes types, Verb verb, Duration deadline, Consumer<Duration> goOn) {
        long begin = System.nanoTime();
        return () -> {
            try {
                LeftStops.complete(
                        kernel, workers, types, verb, deadline, text -> log.say(new Message(Severity.INFO, text)));
            } finally {
                goOn.accept(deadline.minusNanos(System.nanoTime() - begin));
            }
        };
    }
}
