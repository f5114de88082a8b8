// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Kernel;
import org.quiesced.work.NoWorkerException;
import org.quiesced.work.WorkerPool;

/**
 * The workers of a run: they execute the tasks of devices, the scans for users of disks, and the switch of grace
 * periods. For the coordinator's thread.
 */
final class Workers {
    /** Time limit for the restoration of grace periods at the end of a run. */
    private static final Duration LONGEST_RESTORE = Duration.ofSeconds(1);

    private final WorkerPool<Signal> pool;
    private final ExpeditedGracePeriods expedited;
    private final SharedFlushes flushes;
    private UsageScans scans;
    private CompletableFuture<Boolean> phaseEnd = new CompletableFuture<>();
    /** Whether grace periods have been expedited, or are about to be. */
    private boolean expediting;
    /** The last task of the reserved worker. */
    private Optional<DeviceTask> onReserve = Optional.empty();

    Workers(Kernel kernel, WorkerPool<Signal> pool) {
        this.pool = pool;
        this.expedited = new ExpeditedGracePeriods(kernel.gracePeriods());
        this.scans = new UsageScans(kernel.usage(), pool);
        this.flushes = new SharedFlushes(pool);
    }

    /**
     * Begins a phase with its scans, and the first of them in advance if there is an idle worker. Otherwise the first
     * device that needs it begins it.
     *
     * @param inAdvance whether to begin a scan in advance; never in an early phase, in which each scan must follow a
     *     claim
     */
    void beginPhase(boolean inAdvance) {
        UsageScans next = scans.next();
        scans = next;
        endPauses();
        phaseEnd = new CompletableFuture<>();
        if (inAdvance) {
            pool.aside(next::scanInAdvance);
        }
    }

    /** Returns the scans of the present phase. */
    UsageScans scans() {
        return scans;
    }

    /**
     * Returns a function that waits until a time, by the pool's clock, or until the present phase ends, and returns
     * whether that has not ended. Tasks may call it.
     */
    LongPredicate phaseLasts() {
        CompletableFuture<Boolean> end = phaseEnd;
        return until -> !pool.waitFor(end, until);
    }

    /** Ends all that wait by {@link #phaseLasts}, as the end of the phase does. */
    void endPauses() {
        phaseEnd.complete(true);
    }

    /** Returns the flushes of the run. */
    SharedFlushes flushes() {
        return flushes;
    }

    /**
     * Starts a task on its own worker.
     *
     * @throws NoWorkerException if there is none
     */
    void start(DeviceTask task, DeviceTree tree) throws NoWorkerException {
        pool.start("down-" + tree.get(task.index()).name(), task);
        expediteGracePeriods();
    }

    /**
     * Starts a task on the reserved worker.
     *
     * @throws NoWorkerException if there is none, or if a device that was given up occupies it
     */
    void startReserved(DeviceTask task, DeviceTree tree) throws NoWorkerException {
        if (onReserve.isPresent() && !onReserve.get().permit().isReturned()) {
            throw new NoWorkerException(
                    "the only worker waits for " + tree.get(onReserve.get().index()));
        }
        pool.startReserved(task);
        onReserve = Optional.of(task);
        expediteGracePeriods();
    }

    /**
     * Expedites grace periods, once and after the first task was started: a driver waits for them only somewhat later.
     */
    private void expediteGracePeriods() {
        if (!expediting) {
            expediting = true;
            pool.aside(expedited::begin);
        }
    }

    /**
     * Ends the phase, and restores the setting of grace periods from before the first task. Waits for at most {@link
     * #LONGEST_RESTORE}.
     */
    void end() {
        endPauses();
        long until = pool.now() + LONGEST_RESTORE.toNanos();
        if (expediting && (pool.aside(this::restoreGracePeriods) || restoreGracePeriodsInReserve())) {
            Optional<Signal> signal = pool.await(until);
            while (signal.isPresent() && !(signal.get() instanceof Signal.GracePeriodsRestored)) {
                signal = pool.await(until);
            }
        }
    }

    private boolean restoreGracePeriodsInReserve() {
        try {
            pool.startReserved(mailbox -> restoreGracePeriods());
            return true;
        } catch (NoWorkerException e) {
            return false;
        }
    }

    private void restoreGracePeriods() {
        expedited.end();
        pool.post(new Signal.GracePeriodsRestored());
    }
}
