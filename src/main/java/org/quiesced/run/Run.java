// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.quiesced.config.Settings;
import org.quiesced.kernel.Crew;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.NoWorkerException;
import org.quiesced.kernel.Phase;
import org.quiesced.kernel.Verb;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Disposition.Lane;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Reason;

/**
 * One shutdown. The thread that executes it is the coordinator: it alone knows what has ended and decides what may start. A device starts when the
 * last of its dependents has ended; whoever ends wakes up only what waited for it. No lock is held and no worker is waited for but
 * through the mailbox, always with a time limit, so there is nothing to deadlock on.
 */
public final class Run {
    /** If the late phase has not come by then it never will. */
    private static final Duration LONGEST_EARLY = Duration.ofHours(1);

    /** How a device stands in a run. */
    enum State {
        WAITING,
        DEFERRED,
        IN_FLIGHT,
        ENDED,
        LEFT
    }

    private final Groundwork groundwork;
    private final Plan plan;
    private final Verb verb;
    private final Kernel kernel;
    private final Consumer<? super Event> listener;
    private final Crew<Signal> crew;
    private final long begin;

    private final State[] states;
    private final long[] starts;
    private int[] pending;
    private final PriorityQueue<Integer> serialLane;
    private final Timeouts timeouts = new Timeouts();
    private final List<Event> events = new ArrayList<>();
    private int serialInFlight = -1;
    private int inFlight;
    private Look look;
    private Phase phase;
    private long deadline;

    /**
     * Prepares a run of the late phase alone.
     *
     * @param deadline how long the run may take from now
     * @param listener is told of each event, on the coordinator's thread; it should be quick, for the run waits
     */
    public Run(Groundwork groundwork, Verb verb, Kernel kernel, Duration deadline, Consumer<? super Event> listener) {
        this(groundwork, verb, kernel, Phase.LATE, deadline, listener);
    }

    /** Prepares the same for a plan that will be run but once. */
    public Run(Plan plan, Verb verb, Kernel kernel, Duration deadline, Consumer<? super Event> listener) {
        this(new Groundwork(plan), verb, kernel, deadline, listener);
    }

    /**
     * Prepares a run that begins in the early phase and goes on until {@link #late} says what time is left, and that is used. What is in use
     * in the early phase, or is kept out of it, gets another chance in the late one.
     *
     * @param listener as above
     */
    public static Run early(Groundwork groundwork, Verb verb, Kernel kernel, Consumer<? super Event> listener) {
        return new Run(groundwork, verb, kernel, Phase.EARLY, LONGEST_EARLY, listener);
    }

    private Run(
            Groundwork groundwork,
            Verb verb,
            Kernel kernel,
            Phase phase,
            Duration deadline,
            Consumer<? super Event> listener) {
        this.phase = phase;
        this.groundwork = groundwork;
        this.plan = groundwork.plan();
        this.verb = verb;
        this.kernel = kernel;
        this.listener = listener;
        this.look = new Look(kernel.usage());
        this.crew = kernel.newCrew();
        this.begin = crew.now();
        this.deadline = begin + deadline.toNanos();
        this.states = groundwork.states();
        this.starts = new long[states.length];
        this.serialLane = new PriorityQueue<>(Comparator.comparingInt(plan.tree()::depthOf)
                .thenComparing(Comparator.naturalOrder())
                .reversed());
    }

    /**
     * Says that the late phase has come. Any thread may say it, once, at any time; a run that has ended does not hear it.
     *
     * @param left how long the rest may take from now
     */
    public void late(Duration left) {
        crew.post(new Signal.Late(left));
    }

    /**
     * Runs to the end: until each device is down or left to the kernel, or the deadline has come. What is in flight then stays in
     * flight. May be called once.
     */
    public Timeline execute() {
        for (int i : groundwork.handled()) {
            emit(new Event.Planned(
                    plan.tree().get(i), now(), plan.dispositions().get(i)));
        }
        releaseFree();
        // The first devices are on their way, and their drivers come to wait for grace periods only in a moment.
        Runnable asBefore = kernel.gracePeriods().expedite();
        try {
            tellOfTheOthers();
            awaitEnd();
        } finally {
            asBefore.run();
        }
        return new Timeline(verb, events, Duration.ofNanos(now()));
    }

    /** What is not ours is told of when ours are on their way. */
    private void tellOfTheOthers() {
        for (int i : groundwork.left()) {
            Disposition disposition = plan.dispositions().get(i);
            emit(new Event.Planned(plan.tree().get(i), now(), disposition));
            leave(i, ((Disposition.LeftToKernel) disposition).reason());
        }
    }

    private void awaitEnd() {
        while (inFlight > 0 || phase == Phase.EARLY) {
            Optional<Signal> signal = crew.await(Math.min(deadline, timeouts.next()));
            signal.ifPresent(this::take);
            // Whoever has ended in time has ended, however late the coordinator comes to hear of it.
            drainMailbox();
            if (crew.now() >= deadline) {
                break;
            }
            giveUpExpired();
            advanceSerialLane();
        }
        leaveRest();
    }

    /** Starts whatever has no dependents left: at the beginning of each phase. */
    private void releaseFree() {
        pending = groundwork.pending();
        for (int i : groundwork.concerned()) {
            if (states[i] == State.ENDED) {
                for (int needed : plan.graph().needs(i)) {
                    pending[needed]--;
                }
            }
        }
        serialLane.clear();
        ArrayDeque<Integer> free = new ArrayDeque<>();
        int[] concerned = groundwork.concerned();
        for (int at = concerned.length - 1; at >= 0; at--) {
            int i = concerned[at];
            if (pending[i] == 0 && states[i] == State.WAITING) {
                free.add(i);
            }
        }
        free.forEach(this::release);
        advanceSerialLane();
    }

    private void beginLate(Duration left) {
        phase = Phase.LATE;
        look = new Look(kernel.usage());
        deadline = crew.now() + left.toNanos();
        for (int i : groundwork.concerned()) {
            if (states[i] == State.DEFERRED) {
                states[i] = State.WAITING;
            }
        }
        releaseFree();
    }

    /** All dependents of the device have ended: it may start, or has nothing to do and lets others start in turn. */
    private void release(int first) {
        ArrayDeque<Integer> released = new ArrayDeque<>();
        released.add(first);
        while (!released.isEmpty()) {
            int device = released.remove();
            if (states[device] != State.WAITING) {
                continue;
            }
            if (plan.dispositions().get(device) instanceof Handled handled) {
                if (handled.lane() == Lane.SERIAL) {
                    serialLane.add(device);
                } else if (crew.now() < deadline) {
                    start(device, Event.Place.WORKER);
                }
            } else {
                states[device] = State.ENDED;
                countDown(device, released);
            }
        }
    }

    private void countDown(int ended, ArrayDeque<Integer> released) {
        for (int needed : plan.graph().needs(ended)) {
            if (--pending[needed] == 0) {
                released.add(needed);
            }
        }
    }

    /** The deadline came first for what waits still, or is in flight. */
    private void leaveRest() {
        for (int i : groundwork.concerned()) {
            if (states[i] == State.WAITING || states[i] == State.DEFERRED || states[i] == State.IN_FLIGHT) {
                leave(i, new Reason.DeadlineReached(states[i] == State.IN_FLIGHT));
            }
        }
    }

    /** The lane takes the next of those that are ready; without a worker even for that, they run inline, here and now. */
    private void advanceSerialLane() {
        while (serialInFlight < 0 && !serialLane.isEmpty() && crew.now() < deadline) {
            int device = serialLane.remove();
            serialInFlight = device;
            start(device, Event.Place.SERIAL_LANE);
            drainMailbox();
        }
    }

    private void start(int device, Event.Place place) {
        Optional<Reason> otherPhase = otherPhase(device);
        if (otherPhase.isPresent()) {
            forgetSerial(device);
            leaveWithAllItNeeds(device, otherPhase.get());
            return;
        }
        DeviceTask task = new DeviceTask(
                device, (Handled) plan.dispositions().get(device), verb, kernel, look, new Permit(), crew::now);
        String name = "down-" + plan.tree().get(device).name();
        try {
            states[device] = State.IN_FLIGHT;
            starts[device] = crew.now();
            inFlight++;
            crew.start(name, task);
            timeouts.set(device, starts[device] + task.patience().toNanos());
            emit(new Event.Started(plan.tree().get(device), starts[device] - begin, place));
        } catch (NoWorkerException e) {
            if (place == Event.Place.WORKER) {
                // It joins the serial devices: one worker for all may still be had.
                states[device] = State.WAITING;
                inFlight--;
                serialLane.add(device);
            } else {
                emit(new Event.Started(plan.tree().get(device), starts[device] - begin, Event.Place.INLINE));
                crew.runInline(task);
            }
        }
    }

    private Optional<Reason> otherPhase(int device) {
        Settings settings = ((Handled) plan.dispositions().get(device)).target().settings();
        return settings.isFor(phase, verb) ? Optional.empty() : Optional.of(new Reason.OtherPhase(phase, verb));
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
        } else if (signal instanceof Signal.Late late && phase == Phase.EARLY) {
            beginLate(late.left());
        }
    }

    private void takeOf(Signal.OfDevice signal) {
        int device = signal.device();
        long at = signal.at() - begin;
        if (states[device] != State.IN_FLIGHT) {
            return;
        }
        if (signal instanceof Signal.Flushed) {
            emit(new Event.Flushed(plan.tree().get(device), at));
        } else if (signal instanceof Signal.Acting) {
            emit(new Event.Unbinding(plan.tree().get(device), at));
        } else if (signal instanceof Signal.Allow allow) {
            timeouts.set(device, starts[device] + allow.patience().toNanos());
        } else if (signal instanceof Signal.GaveUp gaveUp) {
            land(device);
            if (gaveUp.reason() instanceof Reason.Failed failed) {
                emit(new Event.Failed(plan.tree().get(device), at, failed.detail()));
            }
            leaveWithAllItNeeds(device, gaveUp.reason());
        } else if (signal instanceof Signal.Ended ended) {
            land(device);
            states[device] = State.ENDED;
            emit(new Event.Done(plan.tree().get(device), at, ended.ending()));
            ArrayDeque<Integer> released = new ArrayDeque<>();
            countDown(device, released);
            released.forEach(this::release);
        }
    }

    private void land(int device) {
        inFlight--;
        timeouts.remove(device);
        forgetSerial(device);
    }

    private void forgetSerial(int device) {
        if (serialInFlight == device) {
            serialInFlight = -1;
        }
    }

    private void giveUpExpired() {
        for (OptionalInt expired = timeouts.takeExpired(crew.now());
                expired.isPresent();
                expired = timeouts.takeExpired(crew.now())) {
            int device = expired.getAsInt();
            land(device);
            leaveWithAllItNeeds(device, new Reason.TimedOut(Duration.ofNanos(crew.now() - starts[device])));
        }
    }

    private void leaveWithAllItNeeds(int origin, Reason reason) {
        boolean deferred = phase == Phase.EARLY && isPassing(reason);
        leaveOrDefer(origin, reason, deferred);
        ArrayDeque<Integer> open = new ArrayDeque<>();
        open.add(origin);
        while (!open.isEmpty()) {
            for (int needed : plan.graph().needs(open.remove())) {
                if (states[needed] == State.WAITING || states[needed] == State.DEFERRED && !deferred) {
                    leaveOrDefer(needed, new Reason.HeldBack(plan.tree().get(origin)), deferred);
                    open.add(needed);
                }
            }
        }
    }

    /** What keeps a device in the early phase need not keep it in the late one. */
    private static boolean isPassing(Reason reason) {
        return reason instanceof Reason.InUse || reason instanceof Reason.OtherPhase;
    }

    private void leaveOrDefer(int device, Reason reason, boolean deferred) {
        if (!deferred) {
            leave(device, reason);
            return;
        }
        states[device] = State.DEFERRED;
        if (plan.tree().get(device).driver().isPresent()) {
            emit(new Event.Deferred(plan.tree().get(device), now(), reason));
        }
    }

    private void leave(int device, Reason reason) {
        states[device] = State.LEFT;
        if (plan.tree().get(device).driver().isPresent()) {
            emit(new Event.LeftToKernel(plan.tree().get(device), now(), reason));
        }
    }

    private void emit(Event event) {
        events.add(event);
        listener.accept(event);
    }

    private long now() {
        return crew.now() - begin;
    }
}
