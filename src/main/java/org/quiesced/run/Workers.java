// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.Optional;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Kernel;
import org.quiesced.work.NoWorkerException;
import org.quiesced.work.WorkerPool;

/**
 * The worker threads of a run: they execute the devices' tasks, the look at who uses disks, and the switch for grace
 * periods. For the coordinator's thread.
 */
final class Workers {
    /** How long the end of a run waits until grace periods are restored. */
    private static final Duration LONGEST_RESTORE = Duration.ofSeconds(1);

    private final WorkerPool<Signal> pool;
    private final ExpeditedGracePeriods expedited;
    private UsageScans look;
    /** Whether grace periods have been expedited, or are about to be. */
    private boolean expediting;
    /** The last task of the worker in reserve. */
    private Optional<DeviceTask> onReserve = Optional.empty();

    Workers(Kernel kernel, WorkerPool<Signal> pool) {
        this.pool = pool;
        this.expedited = new ExpeditedGracePeriods(kernel.gracePeriods());
        this.look = new UsageScans(kernel.usage(), pool);
    }

    /**
     * Begins the look of a phase, which serves all its devices. Where no worker is idle the first device that needs it
     * takes it.
     *
     * @param needed whether there are devices that will need it; never in an early phase, in which each look has to
     *     follow a claim
     */
    void beginPhase(boolean needed) {
        UsageScans next = look.next();
        look = next;
        if (needed) {
            pool.aside(next::takeAhead);
        }
    }

    /** Returns the look of the present phase. */
    UsageScans scan() {
        return look;
    }

    /**
     * Starts a task on a worker of its own.
     *
     * @throws NoWorkerException if there is none
     */
    void start(DeviceTask task, DeviceTree tree) throws NoWorkerException {
        pool.start("down-" + tree.get(task.index()).name(), task);
        expediteGracePeriods();
    }

    /**
     * Starts a task on the reserve worker.
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
     * Expedites grace periods after the first task was started, because a driver waits for them only somewhat later.
     */
    private void expediteGracePeriods() {
        if (!expediting) {
            expediting = true;
            pool.aside(expedited::begin);
        }
    }

    /**
     * Restores grace periods to their setting before the first task was started, and waits at most {@link
     * #LONGEST_RESTORE}.
     */
    void end() {
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
