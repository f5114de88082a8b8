// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/** The verb, phase and deadline of a run. The coordinator changes it; workers and the guard may read it at any time. */
final class RunControl {
    private final LongSupplier clock;
    private volatile Verb verb;
    private volatile Phase phase;
    /** What deferred devices wait for; empty in the last phase. */
    private volatile Optional<Event.Awaited> awaited;

    private volatile long deadline;
    private volatile Event.Awaited begun = Event.Awaited.LATE_PHASE;
    private volatile boolean abandoned;
    private volatile boolean cancelled;
    private volatile boolean over;

    /**
     * Creates the control of a run.
     *
     * @param clock the pool's clock
     * @param begin when the run begins, by that clock
     */
    RunControl(Verb verb, RunOptions options, LongSupplier clock, long begin) {
        this.verb = verb;
        this.phase = options.phase();
        this.awaited = options.awaited();
        this.clock = clock;
        this.deadline = begin + options.deadline().toNanos();
    }

    Verb verb() {
        return verb;
    }

    Phase phase() {
        return phase;
    }

    /** Returns the deadline, by the pool's clock. */
    long deadline() {
        return deadline;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** Returns what devices can be deferred to; empty if nothing follows, or the shutdown was cancelled. */
    Optional<Event.Awaited> awaited() {
        return cancelled ? Optional.empty() : awaited;
    }

    /** Returns the present phase, as it was awaited. */
    Event.Awaited begun() {
        return begun;
    }

    /**
     * Begins the awaited phase, with its verb and time limit.
     *
     * @param followed whether an exitrd follows
     */
    void beginLate(Verb lateVerb, Duration left, boolean followed) {
        begun = awaited.orElse(Event.Awaited.LATE_PHASE);
        awaited = followed ? Optional.of(Event.Awaited.EXITRD) : Optional.empty();
        phase = Phase.LATE;
        verb = lateVerb;
        deadline = clock.getAsLong() + left.toNanos();
    }

    /** Returns whether only devices that need the network may go down. */
    boolean isBeforeUnmounting() {
        return awaited.equals(Optional.of(Event.Awaited.UNMOUNTING));
    }

    /** Records that the local file systems are unmounted, if that was awaited. */
    void endUnmounting() {
        begun = Event.Awaited.UNMOUNTING;
        awaited = Optional.of(Event.Awaited.LATE_PHASE);
    }

    /** Forbids new work: the process that requested the run is gone. */
    void abandon() {
        abandoned = true;
    }

    /** Forbids new work: the shutdown was cancelled. */
    void cancel() {
        cancelled = true;
    }

    /** Sets the deadline to a time from now, if that is earlier. */
    void hurry(Duration left) {
        deadline = Math.min(deadline, clock.getAsLong() + left.toNanos());
    }

    /** Records that the run has ended. */
    void end() {
        over = true;
    }

    /** Returns whether another device may be started. */
    boolean mayStart() {
        return isWanted() && !isExpired();
    }

    /** Returns whether a shutdown that was begun is to be completed. */
    boolean isWanted() {
        return !cancelled && !abandoned;
    }

    /** Returns whether the deadline has passed. */
    boolean isExpired() {
        return clock.getAsLong() >= deadline;
    }

    /** Returns whether the late phase has begun and the run has neither ended nor reached its deadline. */
    boolean isAtWork() {
        return phase == Phase.LATE && !over && !isExpired();
    }

    /**
     * Returns why the run ends before a device has ended.
     *
     * @param inFlight whether a change was begun at the device
     */
    Reason cutShort(boolean inFlight) {
        if (cancelled) {
            return new Reason.Cancelled();
        }
        return abandoned ? new Reason.HookEnded(inFlight) : new Reason.DeadlineReached(inFlight);
    }
}
