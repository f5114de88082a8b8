// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.method.Ending;
import org.quiesced.method.Target;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Disposition.Lane;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Reason;
import org.quiesced.run.DeviceStates.State;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.NoWorkerException;
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

    private final PreparedPlan groundwork;
    private final Plan plan;
    private final Kernel kernel;
    private final Function<Target, Optional<Reason>> earlyObstacle;
    private final Chronicle chronicle;
    private final WorkerPool<Signal> crew;
    private final Workers workers;

    private final DeviceStates standings;
    private final SerialLane serialLane;
    private final Flights flights = new Flights();
    /** Devices that are down, and for which another verb asks for more. */
    private final Set<Integer> finishing = new HashSet<>();
    /** Devices in flight since the early phase. */
    private final Set<Integer> sinceEarly = new HashSet<>();
    /** What was begun at devices, whether it has ended or not. */
    private final Map<Integer, Removal> removals = new HashMap<>();

    /** Workers and the guard read these; the deadline is on the crew's clock. */
    private volatile Verb verb;

    private volatile Phase phase;
    private volatile long deadline;
    private volatile boolean abandoned;
    private volatile boolean cancelled;
    private volatile boolean over;

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
    public Run(PreparedPlan groundwork, Verb verb, Kernel kernel, Duration deadline, Consumer<? super Event> listener) {
        this(groundwork, verb, kernel, Phase.LATE, deadline, target -> Optional.empty(), listener);
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
            PreparedPlan groundwork,
            Verb verb,
            Kernel kernel,
            Function<Target, Optional<Reason>> earlyObstacle,
            Consumer<? super Event> listener) {
        return new Run(groundwork, verb, kernel, Phase.EARLY, LONGEST_EARLY, earlyObstacle, listener);
    }

    private Run(
            PreparedPlan groundwork,
            Verb verb,
            Kernel kernel,
            Phase phase,
            Duration deadline,
            Function<Target, Optional<Reason>> earlyObstacle,
            Consumer<? super Event> listener) {
        this.phase = phase;
        this.groundwork = groundwork;
        this.plan = groundwork.plan();
        this.verb = verb;
        this.kernel = kernel;
        this.earlyObstacle = earlyObstacle;
        this.crew = kernel.newCrew();
        this.chronicle = new Chronicle(plan.tree(), crew::now, listener);
        this.deadline = chronicle.begin() + deadline.toNanos();
        this.workers = new Workers(kernel, crew);
        this.standings = new DeviceStates(groundwork);
        this.serialLane = new SerialLane(plan.tree());
    }

    /**
     * Says that the late phase has come. Any thread may say it, once, at any time; a run that has ended does not hear it.
     *
     * @param lateVerb what the machine is about to do after all; it replaces that of the early phase
     * @param left how long the rest may take from now
     */
    public void late(Verb lateVerb, Duration left) {
        crew.post(new Signal.Late(lateVerb, left));
    }

    /** Says that whoever asked for the run is gone: nothing new is begun, and the run ends. Any thread may say it, at any time. */
    public void abandon() {
        crew.post(new Signal.Abandon());
    }

    /**
     * Says that the machine does not go down after all. Nothing new is begun, the drivers that were taken away are bound again, each of those
     * that are still being taken away once that has ended, and the run ends. Any thread may say it, at any time; in the late phase nothing
     * happens.
     */
    public void cancel() {
        crew.post(new Signal.Cancel());
    }

    /**
     * Says that the machine goes down after all, though this run was cancelled: what is in flight is awaited for ten seconds at the most, then
     * what is bound again for ten more, and the run ends. Any thread may say it, at any time; a run that was not cancelled does not hear it.
     */
    public void hurry() {
        crew.post(new Signal.Hurry());
    }

    /** Returns what was begun and has not ended, whether it was given up or not, also when the run has ended. Any thread may ask. */
    public List<Unfinished> unfinished() {
        return flights.unfinished(crew.now(), plan.tree()::get);
    }

    /**
     * Returns whether the late phase has begun and this run has neither ended nor reached its deadline: devices that were not begun may still be.
     * Any thread may ask.
     */
    public boolean isAtWork() {
        return phase == Phase.LATE && !over && crew.now() < deadline;
    }

    /**
     * Runs to the end: until each device is down or left to the kernel, or the deadline has come. What is in flight then stays in
     * flight. May be called once.
     */
    public Timeline execute() {
        for (int i : groundwork.handled()) {
            chronicle.planned(i, plan.dispositions().get(i));
        }
        workers.beginPhase(phase == Phase.LATE && hasWork());
        releaseFree();
        announceUnhandled();
        awaitEnd();
        if (cancelled) {
            restore();
        } else {
            abandonUnfinished();
        }
        workers.end();
        over = true;
        return chronicle.timeline(verb);
    }

    /** In the early phase the machine is still busy, and most devices wait anyway: there the first that does not takes the look. */
    private boolean hasWork() {
        return standings.all(State.WAITING).stream()
                .anyMatch(device -> plan.dispositions().get(device) instanceof Handled);
    }

    /** What is not ours is told of when ours are on their way. */
    private void announceUnhandled() {
        for (int i : groundwork.left()) {
            Disposition disposition = plan.dispositions().get(i);
            chronicle.planned(i, disposition);
            leave(i, ((Disposition.LeftToKernel) disposition).reason());
        }
    }

    private void awaitEnd() {
        while (!cancelled && (flights.count() > 0 || phase == Phase.EARLY)) {
            long next = Math.min(Math.min(deadline, flights.nextTimeout()), stalledAt());
            long until = Math.max(crew.now(), next);
            Optional<Signal> signal = crew.await(until);
            flights.woken(until, crew.now());
            signal.ifPresent(this::take);
            // Completions are drained before deadlines are looked at, so a device that finished in time counts as done.
            drainMailbox();
            if (abandoned || crew.now() >= deadline) {
                break;
            }
            giveUpExpired();
            giveUpStalled();
            advanceSerialLane();
        }
    }

    /** The early phase goes on until the late one comes, and gains nothing. */
    private long stalledAt() {
        return phase == Phase.LATE ? flights.stalledAt() : Long.MAX_VALUE;
    }

    /** Starts whatever has no dependents left: at the beginning of each phase. */
    private void releaseFree() {
        release(standings.startable());
        advanceSerialLane();
    }

    private void beginLate(Signal.Late late) {
        phase = Phase.LATE;
        verb = late.verb();
        deadline = crew.now() + late.left().toNanos();
        serialLane.clear();
        standings.endDeferral();
        workers.beginPhase(hasWork());
        sinceEarly.addAll(standings.all(State.IN_FLIGHT));
        for (int i : standings.all(State.ENDED)) {
            if (lacksStep(i) && !standings.hasStartedNeeded(i)) {
                finish(i);
            }
        }
        releaseFree();
    }

    private void finish(int device) {
        finishing.add(device);
        standings.reopen(device);
        start(device, Event.Place.WORKER);
    }

    /** Returns whether the present verb asks for a step after the driver is gone that the verb of the device's shutdown did not. */
    private boolean lacksStep(int device) {
        return removals.containsKey(device) && removals.get(device).lacksStepOf(verb);
    }

    private void release(List<Integer> startable) {
        for (int device : startable) {
            if (((Handled) plan.dispositions().get(device)).lane() == Lane.SERIAL) {
                serialLane.add(device);
            } else if (mayStart()) {
                start(device, Event.Place.WORKER);
            }
        }
    }

    private boolean mayStart() {
        return !abandoned && !cancelled && crew.now() < deadline;
    }

    /** The deadline, or the end of the hook, came first for what waits still, or is in flight. */
    private void abandonUnfinished() {
        leaveUnstarted(cutShort(false));
        for (int i : standings.all(State.IN_FLIGHT)) {
            Reason reason = cutShort(flights.giveUp(i));
            if (finishing.contains(i)) {
                endFinishing(i, crew.now(), new Ending.NotStopped(reason.describe()));
            } else {
                leave(i, reason);
            }
        }
        Reason notBegun = cutShort(false);
        standings
                .all(State.QUEUED)
                .forEach(i -> endFinishing(i, crew.now(), new Ending.NotStopped(notBegun.describe())));
    }

    private void leaveUnstarted(Reason reason) {
        standings.all(State.WAITING).forEach(i -> leave(i, reason));
        standings.all(State.DEFERRED).forEach(i -> leave(i, reason));
    }

    private Reason cutShort(boolean inFlight) {
        if (cancelled) {
            return new Reason.Cancelled();
        }
        return abandoned ? new Reason.HookEnded(inFlight) : new Reason.DeadlineReached(inFlight);
    }

    /** The lane takes the next of those that are ready. */
    private void advanceSerialLane() {
        OptionalInt next = mayStart() ? serialLane.next() : OptionalInt.empty();
        while (next.isPresent()) {
            start(next.getAsInt(), Event.Place.SERIAL_LANE);
            drainMailbox();
            next = mayStart() ? serialLane.next() : OptionalInt.empty();
        }
    }

    private DeviceTask task(int device) {
        Handled handled = (Handled) plan.dispositions().get(device);
        DeviceTask.Step step = finishing.contains(device) ? handled.method()::finish : handled.method()::shutdown;
        return new DeviceTask(
                device,
                handled,
                step,
                verb,
                phase,
                kernel,
                workers.look(),
                new Permit(),
                phase == Phase.EARLY ? earlyObstacle : target -> Optional.empty(),
                crew::now,
                () -> deadline,
                () -> verb,
                () -> !cancelled && !abandoned);
    }

    private void start(int device, Event.Place place) {
        DeviceTask task = task(device);
        Optional<Reason> otherPhase = otherPhase(task.handled().target());
        if (otherPhase.isPresent() && !finishing.contains(device)) {
            serialLane.end(device);
            leaveWithAllItNeeds(device, otherPhase.get());
            return;
        }
        State before = finishing.contains(device) ? State.QUEUED : State.WAITING;
        long at = crew.now();
        standings.set(device, State.IN_FLIGHT);
        flights.begin(device, task.permit(), at, task.allowance());
        try {
            workers.start(task, plan.tree());
            announceStart(device, at, place);
        } catch (NoWorkerException e) {
            if (place == Event.Place.WORKER) {
                // It joins the serial devices: one worker for all may still be had.
                standings.set(device, before);
                flights.forget(device);
                serialLane.add(device);
            } else {
                startReserved(device, at, task);
            }
        }
    }

    private void startReserved(int device, long at, DeviceTask task) {
        try {
            workers.startReserved(task, plan.tree());
            announceStart(device, at, Event.Place.RESERVED);
        } catch (NoWorkerException e) {
            end(device);
            leaveWithAllItNeeds(device, new Reason.Failed(e.getMessage()));
        }
    }

    private void announceStart(int device, long at, Event.Place place) {
        if (!finishing.contains(device)) {
            chronicle.started(device, at, place);
        }
    }

    private Optional<Reason> otherPhase(Target target) {
        Settings settings = target.settings();
        if (!settings.isFor(phase, verb)) {
            return Optional.of(new Reason.OtherPhase(phase, verb));
        }
        return phase == Phase.EARLY ? earlyObstacle.apply(target) : Optional.empty();
    }

    private void drainMailbox() {
        Optional<Signal> signal = crew.await(crew.now());
        while (signal.isPresent()) {
            take(signal.get());
            signal = crew.await(crew.now());
        }
    }

    private void take(Signal signal) {
        if (signal instanceof Signal.OfDevice ofDevice) {
            takeOf(ofDevice);
        } else if (signal instanceof Signal.Late late && phase == Phase.EARLY && !cancelled) {
            beginLate(late);
        } else if (signal instanceof Signal.Abandon) {
            abandoned = true;
        } else if (signal instanceof Signal.Cancel && phase == Phase.EARLY && !cancelled) {
            beginCancel();
        } else if (signal instanceof Signal.Hurry && cancelled) {
            hurried = true;
            deadline = Math.min(deadline, crew.now() + Restoration.HURRIED.toNanos());
        }
    }

    private void beginCancel() {
        cancelled = true;
        serialLane.clear();
        leaveUnstarted(new Reason.Cancelled());
        for (int i : standings.all(State.IN_FLIGHT)) {
            if (!flights.withdraw(i)) {
                end(i);
                leaveWithAllItNeeds(i, new Reason.Cancelled());
            }
        }
    }

    /** Each driver comes back as soon as it can; those that are still being taken away are waited for beside that, for their time. */
    private void restore() {
        // A device may have been given up just after something was begun at it.
        drainMailbox();
        List<Integer> down = new ArrayList<>();
        List<Integer> departing = new ArrayList<>();
        for (int i : groundwork.handled()) {
            if (standings.is(i, State.IN_FLIGHT) || flights.isActing(i)) {
                departing.add(i);
            } else if (removals.containsKey(i)) {
                down.add(i);
            }
        }
        Restoration restoration = new Restoration(plan, removals, flights, kernel, crew, chronicle);
        restoration.begin(down, departing, hurried);
        while (!abandoned && (restoration.isAtWork() || flights.count() > 0)) {
            long departed = flights.count() > 0 ? Math.min(deadline, flights.nextTimeout()) : Long.MAX_VALUE;
            crew.await(Math.min(restoration.until(), departed)).ifPresent(signal -> takeCancelled(signal, restoration));
            giveUpExpired();
            if (crew.now() >= deadline) {
                abandonUnfinished();
            }
        }
        abandonUnfinished();
        restoration.end();
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

    private void takeOf(Signal.OfDevice signal) {
        int device = signal.device();
        long at = signal.at();
        if (signal instanceof Signal.Acting acting && !finishing.contains(device)) {
            // Also of a device that was given up in this very moment: its driver may have to be bound again.
            removals.put(device, acting.removal());
        }
        if (!standings.is(device, State.IN_FLIGHT)) {
            return;
        }
        if (signal instanceof Signal.Flushed) {
            chronicle.flushed(device, at);
        } else if (signal instanceof Signal.Acting acting) {
            flights.act(device, at, acting.patience());
            if (!finishing.contains(device)) {
                chronicle.unbinding(device, at, acting.removal());
            }
        } else if (signal instanceof Signal.Allow allow) {
            flights.allow(device, allow.patience());
        } else if (signal instanceof Signal.GaveUp gaveUp) {
            end(device);
            if (gaveUp.reason() instanceof Reason.Failed failed && !finishing.contains(device)) {
                chronicle.failed(device, at, failed);
            }
            if (sinceEarly.remove(device) && isPassing(gaveUp.reason()) && mayStart()) {
                // What kept it belongs to the early phase, though the late one has come.
                standings.set(device, State.WAITING);
                chronicle.left(device, gaveUp.reason(), true);
                release(List.of(device));
            } else {
                leaveWithAllItNeeds(device, cancelled ? new Reason.Cancelled() : gaveUp.reason());
            }
        } else if (signal instanceof Signal.Ended ended) {
            end(device);
            flights.ended(at);
            if (finishing.contains(device)) {
                endFinishing(device, at, ended.ending());
            } else {
                chronicle.done(device, at, ended.ending());
                sinceEarly.remove(device);
                if (lacksStep(device) && mayStart()) {
                    finish(device);
                } else {
                    release(standings.end(device));
                }
            }
        }
    }

    /** The device is down since the early phase: however its last step ended, what it depends on may start. */
    private void endFinishing(int device, long at, Ending ending) {
        finishing.remove(device);
        chronicle.finished(device, at, ending);
        release(standings.end(device));
    }

    private void end(int device) {
        flights.end(device);
        serialLane.end(device);
    }

    private void giveUpExpired() {
        for (OptionalInt expired = flights.takeExpired(crew.now());
                expired.isPresent();
                expired = flights.takeExpired(crew.now())) {
            int device = expired.getAsInt();
            timeOut(device, flights.giveUp(device));
        }
    }

    /** A worker is still at it, perhaps with a command that is on its way to the disk: what it stands on must not go, though it is down. */
    private void timeOut(int device, boolean begun) {
        serialLane.end(device);
        Reason reason = new Reason.TimedOut(Duration.ofNanos(crew.now() - flights.startOf(device)), begun);
        if (finishing.remove(device)) {
            chronicle.finished(device, crew.now(), new Ending.NotStopped(reason.describe()));
            announceHeldBack(device, standings.leave(device, false), false);
        } else {
            leaveWithAllItNeeds(device, reason);
        }
    }

    /** Where nothing else is waited for, a device that does not even let itself be opened is not either. */
    private void giveUpStalled() {
        if (crew.now() >= stalledAt()) {
            for (int device : flights.giveUpStalled(crew.now())) {
                timeOut(device, false);
            }
        }
    }

    private void leaveWithAllItNeeds(int origin, Reason reason) {
        if (finishing.contains(origin)) {
            endFinishing(origin, crew.now(), new Ending.NotStopped(reason.describe()));
            return;
        }
        boolean deferred = phase == Phase.EARLY && !cancelled && isPassing(reason);
        List<Integer> heldBack = standings.leave(origin, deferred);
        chronicle.left(origin, reason, deferred);
        announceHeldBack(origin, heldBack, deferred);
    }

    private void announceHeldBack(int origin, List<Integer> heldBack, boolean deferred) {
        Reason held = new Reason.HeldBack(plan.tree().get(origin));
        heldBack.forEach(device -> chronicle.left(device, held, deferred));
    }

    /** What keeps a device in the early phase need not keep it in the late one. */
    private static boolean isPassing(Reason reason) {
        return reason instanceof Reason.InUse
                || reason instanceof Reason.NotReady
                || reason instanceof Reason.OtherPhase
                || reason instanceof Reason.NotReleased;
    }

    private void leave(int device, Reason reason) {
        standings.set(device, State.LEFT);
        chronicle.left(device, reason, false);
    }
}
