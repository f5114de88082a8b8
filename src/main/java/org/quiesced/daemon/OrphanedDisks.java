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

/**
 * Stops, before the late phase, the disks whose driver was unbound by a process that died before it stopped them. See
 * {@link OrphanedStops}.
 */
final class OrphanedDisks {
    private final Kernel kernel;
    private final WorkerSource workers;
    private final Logging.ShutdownLog log;

    OrphanedDisks(Kernel kernel, WorkerSource workers, Logging.ShutdownLog log) {
        this.kernel = kernel;
        this.workers = workers;
        this.log = log;
    }

    /** Returns whether there is a disk to be stopped for a verb. */
    boolean areDue(Verb verb) {
        return OrphanedStops.areDue(kernel, verb);
    }

    /**
     * Returns an action that stops the disks, within the deadline, and then calls {@code goOn}.
     *
     * @param types the drive types, which determine how a disk is stopped
     * @param deadline time limit of both, from the call of this method
     * @param goOn receives the remaining time; called whether or not the disks were stopped
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
