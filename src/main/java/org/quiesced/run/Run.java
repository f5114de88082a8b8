// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.WorkerPool;
import org.quiesced.work.WorkerSource;

/** One execution of a plan. One thread executes it; any other may send it signals and query its progress. */
public final class Run {
    private final PreparedPlan prepared;
    private final WorkerPool<Signal> pool;
    private final RunControl control;
    private final DeviceLedger ledger;
    private final Coordinator coordinator;

    /**
     * A change that was begun and has not ended: the driver of a device is being unbound, or bound again after the
     * shutdown was cancelled.
     *
     * @param overdue how long ago its time limit passed; negative before that
     */
    public record Unfinished(Device device, Duration overdue) {}

    /**
     * Prepares a run.
     *
     * @param source the source of its workers, whose clock it uses
     * @param listener receives each event, on the coordinator's thread; should be quick, because the run waits
     */
    public Run(
            PreparedPlan prepared,
            Verb verb,
            Kernel kernel,
            WorkerSource source,
            RunOptions options,
            Consumer<? super Event> listener) {
        this.prepared = prepared;
        this.pool = source.newPool();
        EventLog eventLog = new EventLog(prepared.plan().tree(), pool::now, listener);
        this.control = new RunControl(verb, options, pool::now, eventLog.begin());
        this.ledger = new DeviceLedger(prepared, eventLog);
        this.coordinator = new Coordinator(prepared, kernel, pool, control, ledger, options);
    }

    /**
     * Prepares a run of the late phase alone.
     *
     * @param deadline time limit of the run
     */
    public Run(
            PreparedPlan prepared,
            Verb verb,
            Kernel kernel,
            WorkerSource workers,
            Duration deadline,
            Consumer<? super Event> listener) {
        this(prepared, verb, kernel, workers, RunOptions.late(deadline, false), listener);
    }

    /** Announces that the local file systems are unmounted. Any thread may call this, at any time. */
    public void unmounted() {
        pool.post(new Signal.Unmounted());
    }

    /**
     * Announces the late phase, or the exitrd after it. Any thread may call this, at any time. Has no effect if the run
     * has ended, or if nothing was to follow.
     *
     * @param lateVerb the verb that replaces the present one
     * @param left time limit of the rest of the run, from the receipt of this signal
     * @param followed whether an exitrd follows, for which devices in use and the end of the run wait
     */
    public void late(Verb lateVerb, Duration left, boolean followed) {
        pool.post(new Signal.Late(lateVerb, left, followed));
    }

    /** Announces the late phase, or the exitrd, with nothing to follow. */
    void late(Verb verb, Duration left) {
        late(verb, left, false);
    }

    /**
     * Announces that the process that requested the run is gone: nothing new is started, and the run ends. Any thread
     * may call this, at any time.
     */
    public void abandon() {
        pool.post(new Signal.Abandon());
    }

    /**
     * Cancels the shutdown. Nothing new is started, and the drivers that were unbound are bound again, also those whose
     * unbind is still in progress, after it; then the run ends. Any thread may call this, at any time. Has no effect in
     * the late phase.
     */
    public void cancel() {
        pool.post(new Signal.Cancel());
    }

    /**
     * Announces that another shutdown waits for this cancelled run: the run waits at most ten seconds for the devices
     * in flight and then at most ten more for the drivers that are being bound, and ends. Any thread may call this, at
     * any time. Has no effect if the run was not cancelled.
     */
    public void hurry() {
        pool.post(new Signal.Hurry());
    }

    /**
     * Returns the changes that were begun and have not ended, and that the end of this process would cut short.
     * Includes those of devices that were given up. Any thread may call this, also after the run has ended.
     */
    public List<Unfinished> unfinished() {
        return unfinished(method -> !method.needsNetwork());
    }

    /** Returns the {@link #unfinished} changes for which the kernel's own walk waits. Any thread may call this. */
    public List<Unfinished> delayingWalk() {
        return unfinished(ShutdownMethod::delaysWalk);
    }

    private List<Unfinished> unfinished(Predicate<ShutdownMethod> which) {
        return ledger.flights().unfinished(pool.now(), prepared.plan().tree()::get).stream()
                .filter(change ->
                        prepared.plan().of(change.device()) instanceof Handled handled && which.test(handled.method()))
                .toList();
    }

    /**
     * Returns whether the late phase has begun and this run has neither ended nor reached its deadline, so that devices
     * may be started. Any thread may call this.
     */
    public boolean isAtWork() {
        return control.isAtWork();
    }

    /**
     * Executes the run until each device is down or left to the kernel, or until the deadline. Devices in flight at the
     * deadline remain in flight. The calling thread is the coordinator, which calls the listener. May be called once.
     */
    public Timeline execute() {
        return coordinator.execute();
    }
}
