// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.method.Target;
import org.quiesced.plan.Reason;
import org.quiesced.run.DeviceStates.State;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.WorkerPool;
import org.quiesced.work.WorkerSource;

/**
 * One shutdown. The thread that executes it is the coordinator: only the coordinator records which devices have ended
 * and decides which may start. A device starts when its last dependent has ended; the end of a device affects only the
 * devices that waited for it.
 *
 * <p>The coordinator never calls the kernel, holds no lock, and waits only for its mailbox, always with a time limit.
 * So nothing can block it, and its deadline holds.
 */
public final class Run {
    private final PreparedPlan prepared;
    private final Kernel kernel;
    private final WorkerPool<Signal> pool;
    private final Workers workers;
    private final RunControl control;
    private final DeviceLedger ledger;
    private final Dispatcher dispatcher;
    private final Completions completions;
    /** Whether the next shutdown waits until this one is undone. */
    private boolean hurried;

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
            Beginning beginning,
            Consumer<? super Event> listener) {
        this.prepared = prepared;
        this.kernel = kernel;
        this.pool = source.newPool();
        Chronicle chronicle = new Chronicle(prepared.plan().tree(), pool::now, listener);
        this.control = new RunControl(verb, beginning, pool::now, chronicle.begin());
        this.workers = new Workers(kernel, pool);
        this.ledger = new DeviceLedger(prepared, chronicle);
        this.dispatcher = new Dispatcher(ledger, control, workers, kernel, pool::now, beginning.earlyObstacle());
        this.completions = new Completions(ledger, dispatcher, control, pool::now);
    }

    /** Prepares a run of the late phase alone, which may take until a deadline. */
    public Run(
            PreparedPlan prepared,
            Verb verb,
            Kernel kernel,
            WorkerSource workers,
            Duration deadline,
            Consumer<? super Event> listener) {
        this(prepared, verb, kernel, workers, Beginning.late(deadline, false), listener);
    }

    /**
     * Prepares a run that begins in the early phase and continues until {@link #late} says how much time is left.
     * Devices that are in use in the early phase, or are kept out of it, are tried again in the late one.
     *
     * @param earlyObstacle returns why a device may not go down in the early phase, or nothing if it may
     */
    public static Run early(
            PreparedPlan prepared,
            Verb verb,
            Kernel kernel,
            WorkerSource workers,
            Function<Target, Optional<Reason>> earlyObstacle,
            Consumer<? super Event> listener) {
        return new Run(prepared, verb, kernel, workers, Beginning.early(earlyObstacle), listener);
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
     * Returns the changes that were begun and have not ended, including those of devices that were given up, and also
     * after the run has ended. May be called by any thread.
     */
    public List<Unfinished> unfinished() {
        return ledger.flights().unfinished(pool.now(), prepared.plan().tree()::get);
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
     * then stays in flight. May be called once.
     */
    public Timeline execute() {
        ledger.announceHandled();
        // In the early phase the machine is still busy, and most devices wait anyway: there the first device that does
        // not wait takes the look.
        workers.beginPhase(control.phase() == Phase.LATE && ledger.hasWork());
        releaseFree();
        // Our devices are started before the others are announced.
        ledger.announceUnhandled();
        awaitEnd();
        if (control.isCancelled()) {
            restore();
        } else {
            completions.abandonUnfinished();
        }
        workers.end();
        control.end();
        return ledger.chronicle().timeline(control.verb());
    }

    private void awaitEnd() {
        Flights flights = ledger.flights();
        while (!control.isCancelled()
                && (flights.count() > 0 || control.awaited().isPresent())) {
            long next = Math.min(Math.min(control.deadline(), flights.nextTimeout()), stalledAt());
            long until = Math.max(pool.now(), next);
            Optional<Signal> signal = pool.await(until);
            flights.woken(until, pool.now());
            signal.ifPresent(this::take);
            // Drain completions before checking deadlines, so a device that finished in time counts as done.
            drainMailbox();
            if (control.isAbandoned() || control.isExpired()) {
                break;
            }
            completions.giveUpExpired();
            if (pool.now() >= stalledAt()) {
                completions.giveUpStalled();
            }
            dispatcher.advanceSerialLane(this::drainMailbox);
        }
    }

    /**
     * Returns when to stop waiting for devices of which none has begun a change. Early phase: never, because the run
     * waits for the late phase anyway.
     */
    private long stalledAt() {
        return control.phase() == Phase.LATE ? ledger.flights().stalledAt() : Long.MAX_VALUE;
    }

    /** Starts the devices that have no dependents left; for the beginning of each phase. */
    private void releaseFree() {
        dispatcher.release(ledger.states().startable());
        dispatcher.advanceSerialLane(this::drainMailbox);
    }

    private void beginLate(Signal.Late late) {
        control.beginLate(late.verb(), late.left(), late.followed());
        ledger.beginLate();
        workers.beginPhase(ledger.hasWork());
        for (int device : ledger.states().all(State.ENDED)) {
            if (ledger.lacksStep(device, control.verb()) && !ledger.states().hasStartedNeeded(device)) {
                dispatcher.finish(device);
            }
        }
        releaseFree();
    }

    private void drainMailbox() {
        Optional<Signal> signal = pool.await(pool.now());
        while (signal.isPresent()) {
            take(signal.get());
            signal = pool.await(pool.now());
        }
    }

    private void take(Signal signal) {
        boolean isEarly = control.phase() == Phase.EARLY && !control.isCancelled();
        if (signal instanceof Signal.OfDevice ofDevice) {
            completions.take(ofDevice);
        } else if (signal instanceof Signal.Late late && control.awaited().isPresent()) {
            beginLate(late);
        } else if (signal instanceof Signal.Abandon) {
            control.abandon();
        } else if (signal instanceof Signal.Cancel && isEarly) {
            control.cancel();
            completions.cancel();
        } else if (signal instanceof Signal.Hurry && control.isCancelled()) {
            hurried = true;
            control.hurry(Restoration.HURRIED);
        }
    }

    /**
     * Binds each driver again as soon as possible; meanwhile waits for the drivers that are still being unbound, each
     * within its time limit.
     */
    private void restore() {
        // A change may have been begun at a device just before the device was given up.
        drainMailbox();
        Flights flights = ledger.flights();
        Restoration restoration =
                new Restoration(prepared.plan(), ledger.removals(), flights, kernel, pool, ledger.chronicle());
        restoration.begin(
                handled(device -> !isDeparting(device) && ledger.removals().containsKey(device)),
                handled(this::isDeparting),
                hurried);
        while (!control.isAbandoned() && (restoration.isAtWork() || flights.count() > 0)) {
            long departed = flights.count() > 0 ? Math.min(control.deadline(), flights.nextTimeout()) : Long.MAX_VALUE;
            pool.await(Math.min(restoration.until(), departed)).ifPresent(signal -> takeCancelled(signal, restoration));
            completions.giveUpExpired();
            if (control.isExpired()) {
                completions.abandonUnfinished();
            }
        }
        completions.abandonUnfinished();
        restoration.end();
    }

    private List<Integer> handled(IntPredicate which) {
        return IntStream.of(prepared.handled()).filter(which).boxed().toList();
    }

    private boolean isDeparting(int device) {
        return ledger.states().is(device, State.IN_FLIGHT) || ledger.flights().isActing(device);
    }

    private void takeCancelled(Signal signal, Restoration restoration) {
        take(signal);
        if (signal instanceof Signal.Restored restored) {
            restoration.take(restored);
        } else if (signal instanceof Signal.Hurry) {
            restoration.hurry();
        } else if (signal instanceof Signal.Ended || signal instanceof Signal.GaveUp) {
            restoration.departed(((Signal.OfDevice) signal).device());
        }
    }
}
