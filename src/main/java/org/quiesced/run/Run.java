// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.quiesced.kernel.Crew;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.NoWorkerException;
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
    private enum State {
        WAITING,
        IN_FLIGHT,
        ENDED,
        LEFT
    }

    private final Plan plan;
    private final Verb verb;
    private final Kernel kernel;
    private final Consumer<? super Event> listener;
    private final Crew<Signal> crew;
    private final long begin;
    private final long deadline;

    private final State[] states;
    private final long[] starts;
    private final int[] pending;
    private final PriorityQueue<Integer> serialLane;
    private final Timeouts timeouts = new Timeouts();
    private final List<Event> events = new ArrayList<>();
    private int serialInFlight = -1;
    private int inFlight;

    /**
     * Prepares a run.
     *
     * @param deadline how long the run may take from now
     * @param listener is told of each event, on the coordinator's thread; it should be quick, for the run waits
     */
    public Run(Plan plan, Verb verb, Kernel kernel, Duration deadline, Consumer<? super Event> listener) {
        this.plan = plan;
        this.verb = verb;
        this.kernel = kernel;
        this.listener = listener;
        this.crew = kernel.newCrew();
        this.begin = crew.now();
        this.deadline = begin + deadline.toNanos();
        this.states = new State[plan.tree().size()];
        this.starts = new long[states.length];
        this.pending = plan.graph().dependentCounts();
        int[] depths = new int[states.length];
        for (int i = 0; i < depths.length; i++) {
            states[i] = State.WAITING;
            depths[i] = plan.tree().depthOf(i);
        }
        this.serialLane = new PriorityQueue<>(
                (a, b) -> depths[a] != depths[b] ? Integer.compare(depths[b], depths[a]) : Integer.compare(b, a));
    }

    /**
     * Runs to the end: until each device is down or left to the kernel, or the deadline has come. What is in flight then stays in
     * flight. May be called once.
     */
    public Timeline execute() {
        ArrayDeque<Integer> free = new ArrayDeque<>();
        for (int i = 0; i < states.length; i++) {
            announce(i);
        }
        for (int i = states.length - 1; i >= 0; i--) {
            if (pending[i] == 0) {
                free.add(i);
            }
        }
        free.forEach(this::release);
        advanceSerialLane();
        while (inFlight > 0) {
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
        return new Timeline(verb, events, Duration.ofNanos(now()));
    }

    private void announce(int device) {
        Disposition disposition = plan.dispositions().get(device);
        if (!(disposition instanceof Disposition.NoDriver)) {
            emit(new Event.Planned(plan.tree().get(device), now(), disposition));
        }
        if (disposition instanceof Disposition.LeftToKernel left) {
            leave(device, left.reason());
        }
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
        for (int i = 0; i < states.length; i++) {
            if (states[i] == State.WAITING || states[i] == State.IN_FLIGHT) {
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
        DeviceTask task = new DeviceTask(device, (Handled) plan.dispositions().get(device), verb, kernel, crew::now);
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

    private void drainMailbox() {
        Optional<Signal> signal = crew.await(crew.now());
        while (signal.isPresent()) {
            take(signal.get());
            signal = crew.await(crew.now());
        }
    }

    private void take(Signal signal) {
        int device = signal.device();
        long at = signal.at() - begin;
        if (states[device] != State.IN_FLIGHT) {
            return;
        }
        if (signal instanceof Signal.Flushed) {
            emit(new Event.Flushed(plan.tree().get(device), at));
        } else if (signal instanceof Signal.Allow allow) {
            timeouts.set(device, starts[device] + allow.patience().toNanos());
        } else if (signal instanceof Signal.GaveUp gaveUp) {
            land(device);
            if (gaveUp.reason() instanceof Reason.Failed failed) {
                emit(new Event.Failed(plan.tree().get(device), at, failed.detail()));
            }
            leaveWithAllItNeeds(device, gaveUp.reason());
        } else {
            land(device);
            states[device] = State.ENDED;
            emit(new Event.Done(plan.tree().get(device), at));
            ArrayDeque<Integer> released = new ArrayDeque<>();
            countDown(device, released);
            released.forEach(this::release);
        }
    }

    private void land(int device) {
        inFlight--;
        timeouts.remove(device);
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
        leave(origin, reason);
        ArrayDeque<Integer> open = new ArrayDeque<>();
        open.add(origin);
        while (!open.isEmpty()) {
            for (int needed : plan.graph().needs(open.remove())) {
                if (states[needed] == State.WAITING) {
                    leave(needed, new Reason.HeldBack(plan.tree().get(origin)));
                    open.add(needed);
                }
            }
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
