// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import java.util.function.Consumer;
import org.quiesced.kernel.Kernel;
import org.quiesced.log.Logging;
import org.quiesced.method.DriveTypes;
import org.quiesced.report.EventMessages.Message;
import org.quiesced.report.EventMessages.Severity;
import org.quiesced.run.OrphanedStops;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.WorkerSource;

/** Stops, before a late phase, the drives whose driver was unbound by a process that died before it stopped them. */
final class OrphanedDisks {
    private final Kernel kernel;
    private final WorkerSource workers;
    private final Logging.ShutdownLog log;

    OrphanedDisks(Kernel kernel, WorkerSource workers, Logging.ShutdownLog log) {
        this.kernel = kernel;
        this.workers = workers;
        this.log = log;
    }

    /** Returns whether a drive is to be stopped for a verb. */
    boolean areDue(Verb verb) {
        return OrphanedStops.areDue(kernel, verb);
    }

    /**
     * Returns an action that stops the drives, at most for the deadline, and then calls {@code goOn}.
     *
     * @param types know how their drives are stopped
     * @param deadline how long both may take, from the call of this method
     * @param goOn receives the rest of that time, however the stops have ended
     */
    Runnable stopAndThen(DriveTypes types, Verb verb, Duration deadline, Consumer<Duration> goOn) {
        long begin = System.nanoTime();
        return () -> {
            try {
                OrphanedStops.complete(
                        kernel, workers, types, verb, deadline, text -> log.say(new Message(Severity.INFO, text)));
            } finally {
                goOn.accept(deadline.minusNanos(System.nanoTime() - begin));
            }
        };
    }
}
