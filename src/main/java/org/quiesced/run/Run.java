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

/**
 * One shutdown. One thread executes it; any other may announce what happens meanwhile, by a signal to the coordinator,
 * and ask how far it is.
 */
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
     * @param source of the workers that execute its tasks; the run goes by their clock
     * @param listener is told of each event, on the coordinator's thread; it should be quick, for the run waits
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

    /** Prepares a run of the late phase alone, which may take until a deadline. */
    public Run(
            PreparedPlan prepared,
            Verb verb,
            Kernel kernel,
            WorkerSource workers,
            Duration deadline,
            Consumer<? super Event> listener) {
        this(prepared, verb, kernel, workers, RunOptions.late(deadline, false), listener);
    }

    /** Announces that the local file systems are unmounted. May be called by any thread, at any time. */
    public void unmounted() {
        pool.post(new Signal.Unmounted());
    }

    /**
     * Announces the late phase, or the exitrd after it. May be called by any thread, at any time; without effect if the
     * run has ended, or if nothing was to follow.
     *
     * @param lateVerb what the machine is about to do; it replaces the verb from before
     * @param left how long the rest of the run may take from when this is received
     * @param followed whether an exitrd follows: devices that are in use wait for it, and so does the end of the run
     */
    public void late(Verb lateVerb, Duration left, boolean followed) {
        pool.post(new Signal.Late(lateVerb, left, followed));
    }

    /** Announces the late phase, or the exitrd, after which nothing follows. */
    void late(Verb verb, Duration left) {
        late(verb, left, false);
    }

    /**
     * Announces that the process that asked for the run is gone: nothing new is begun, and the run ends. May be called
     * by any thread, at any time.
     */
    public void abandon() {
        pool.post(new Signal.Abandon());
    }

    /**
     * Cancels the shutdown. Nothing new is begun, and the drivers that were unbound are bound again, each of those that
     * are still being unbound once that has ended; then the run ends. May be called by any thread, at any time; without
     * effect in the late phase.
     */
    public void cancel() {
        pool.post(new Signal.Cancel());
    }

    /**
     * Announces that the machine goes down although this run was cancelled: the run waits at most ten seconds for what
     * is in flight, then at most ten more for what is being bound again, and ends. May be called by any thread, at any
     * time; without effect if the run was not cancelled.
     */
    public void hurry() {
        pool.post(new Signal.Hurry());
    }

    /**
     * Returns the changes that were begun and have not ended, and that would be cut short if this process ended,
     * including those of devices that were given up, and also after the run has ended. May be called by any thread.
     */
    public List<Unfinished> unfinished() {
        return unfinished(method -> !method.needsNetwork());
    }

    /** Returns those of the {@link #unfinished} changes for which the kernel's own walk waits. */
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
     * Returns whether the late phase has begun and this run has neither ended nor reached its deadline: devices may
     * still be started. May be called by any thread.
     */
    public boolean isAtWork() {
        return control.isAtWork();
    }

    /**
     * Executes the run until each device is down or left to the kernel, or the deadline has come. What is in flight
     * then stays in flight. The calling thread is the coordinator, which calls the listener. May be called once.
     */
    public Timeline execute() {
        return coordinator.execute();
    }
}
