// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.method.Target;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Reason;
import org.quiesced.run.DeviceStates.State;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.WorkerPool;

/**
 * One shutdown. The thread that executes it is the coordinator: it alone knows what has ended and decides what may start. A device starts
 * when the last of its dependents has ended; the end of a device wakes up only what waited for it.
 *
 * <p>The coordinator never calls the kernel, holds no lock, and waits for nothing but its mailbox, always with a time limit. So nothing can
 * hang it, and its deadline holds.
 */
public final class Run {
    /** If the late phase has not come by then it never will. */
    private static final Duration LONGEST_EARLY = Duration.ofDays(1);

    private final PreparedPlan prepared;
    private final Kernel kernel;
    private final WorkerPool<Signal> pool;
    private final Workers workers;
    private final RunControl control;
    private final DeviceLedger ledger;
    private final Dispatcher dispatcher;
    private final Completions completions;
    /** The next shutdown waits for this one to be undone. */
    private boolean hurried;

    /**
     * What was begun and has not ended: the driver of a device is being taken away, or bound again after the shutdown was cancelled.
     *
     * @param overdue how long ago its time was over; negative before
     */
    public record Unfinished(Device device, Duration overdue) {}

    /**
     * Prepares a run of the late phase alone.
     *
     * @param deadline how long the run may take from now
     * @param listener is told of each event, on the coordinator's thread; it should be quick, for the run waits
     */
    public Run(PreparedPlan prepared, Verb verb, Kernel kernel, Duration deadline, Consumer<? super Event> listener) {
        this(prepared, verb, kernel, Phase.LATE, deadline, target -> Optional.empty(), listener);
    }

    /** Prepares the same for a plan that will be run but once. */
    public Run(Plan plan, Verb verb, Kernel kernel, Duration deadline, Consumer<? super Event> listener) {
        this(new PreparedPlan(plan), verb, kernel, deadline, listener);
    }

    /**
     * Prepares a run that begins in the early phase and goes on until {@link #late} says what time is left, and that is used. What is in use
     * in the early phase, or is kept out of it, gets another chance in the late one.
     *
     * @param earlyObstacle why a device may not go down in the early phase, if so
     * @param listener as above
     */
    public static Run early(
            PreparedPlan prepared,
            Verb verb,
            Kernel kernel,
            Function<Target, Optional<Reason>> earlyObstacle,
            Consumer<? super Event> listener) {
        return new Run(prepared, verb, kernel, Phase.EARLY, LONGEST_EARLY, earlyObstacle, listener);
    }

    private Run(
            PreparedPlan prepared,
            Verb verb,
            Kernel kernel,
            Phase phase,
            Duration deadline,
            Function<Target, Optional<Reason>> earlyObstacle,
            Consumer<? super Event> listener) {
        this.prepared = prepared;
        this.kernel = kernel;
        this.pool = kernel.newWorkerPool();
        Chronicle chronicle = new Chronicle(prepared.plan().tree(), pool::now, listener);
        this.control = new RunControl(verb, phase, pool::now, chronicle.begin() + deadline.toNanos());
        this.workers = new Workers(kernel, pool);
        this.ledger = new DeviceLedger(prepared, chronicle);
        this.dispatcher = new Dispatcher(ledger, control, workers, kernel, pool::now, earlyObstacle);
        this.completions = new Completions(ledger, dispatcher, control, pool::now);
    }

    /**
     * Says that the late phase has come. Any thread may say it, once, at any time; a run that has ended does not hear it.
     *
     * @param lateVerb what the machine is about to do after all; it replaces that of the early phase
     * @param left how long the rest may take from now
     */
    public void late(Verb lateVerb, Duration left) {
        pool.post(new Signal.Late(lateVerb, left));
    }

    /** Says that whoever asked for the run is gone: nothing new is begun, and the run ends. Any thread may say it, at any time. */
    public void abandon() {
        pool.post(new Signal.Abandon());
    }

    /**
     * Says that the machine does not go down after all. Nothing new is begun, the drivers that were taken away are bound again, each of those
     * that are still being taken away once that has ended, and the run ends. Any thread may say it, at any time; in the late phase nothing
     * happens.
     */
    public void cancel() {
        pool.post(new Signal.Cancel());
    }

    /**
     * Says that the machine goes down after all, though this run was cancelled: what is in flight is awaited for ten seconds at the most, then
     * what is bound again for ten more, and the run ends. Any thread may say it, at any time; a run that was not cancelled does not hear it.
     */
    public void hurry() {
        pool.post(new Signal.Hurry());
    }

    /** Returns what was begun and has not ended, whether it was given up or not, also when the run has ended. Any thread may ask. */
    public List<Unfinished> unfinished() {
        return ledger.flights().unfinished(pool.now(), prepared.plan().tree()::get);
    }

    /**
     * Returns whether the late phase has begun and this run has neither ended nor reached its deadline: devices that were not begun may still be.
     * Any thread may ask.
     */
    public boolean isAtWork() {
        return control.isAtWork();
    }

    /**
     * Runs to the end: until each device is down or left to the kernel, or the deadline has come. What is in flight then stays in
     * flight. May be called once.
     */
    public Timeline execute() {
        ledger.announceHandled();
        // In the early phase the machine is still busy, and most devices wait anyway: there the first that does not
        // takes
        // the look.
        workers.beginPhase(control.phase() == Phase.LATE && ledger.hasWork());
        releaseFree();
        // What is not ours is announced when ours are on their way.
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
        while (!control.isCancelled() && (flights.count() > 0 || control.phase() == Phase.EARLY)) {
            long next = Math.min(Math.min(control.deadline(), flights.nextTimeout()), stalledAt());
            long until = Math.max(pool.now(), next);
            Optional<Signal> signal = pool.await(until);
            flights.woken(until, pool.now());
            signal.ifPresent(this::take);
            // Completions are drained before deadlines are looked at, so a device that finished in time counts as done.
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

    /** Returns when nothing that is in flight is waited for; in the early phase nothing is gained by that. */
    private long stalledAt() {
        return control.phase() == Phase.LATE ? ledger.flights().stalledAt() : Long.MAX_VALUE;
    }

    /** Starts whatever has no dependents left: at the beginning of each phase. */
    private void releaseFree() {
        dispatcher.release(ledger.states().startable());
        dispatcher.advanceSerialLane(this::drainMailbox);
    }

    private void beginLate(Signal.Late late) {
        control.beginLate(late.verb(), late.left());
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
        } else if (signal instanceof Signal.Late late && isEarly) {
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

    /** Each driver comes back as soon as it can; those that are still being taken away are waited for beside that, for their time. */
    private void restore() {
        // A device may have been given up just after something was begun at it.
        drainMailbox();
        Flights flights = ledger.flights();
        Restoration restoration =
                new Restoration(prepared.plan(), ledger.removals(), flights, kernel, pool, ledger.chronicle());
        restoration.begin(down(), departing(), hurried);
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

    private List<Integer> down() {
        List<Integer> down = new ArrayList<>();
        for (int device : prepared.handled()) {
            if (!isDeparting(device) && ledger.removals().containsKey(device)) {
                down.add(device);
            }
        }
        return down;
    }

    private List<Integer> departing() {
        List<Integer> departing = new ArrayList<>();
        for (int device : prepared.handled()) {
            if (isDeparting(device)) {
                departing.add(device);
            }
        }
        return departing;
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
