// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.quiesced.method.Ending;
import org.quiesced.plan.Reason;
import org.quiesced.run.DeviceStates.State;

/**
 * Handles the end of devices in flight: by the signals of their workers, or because their time limit has passed. For
 * the coordinator's thread.
 */
final class Completions {
    private final DeviceLedger ledger;
    private final Dispatcher dispatcher;
    private final RunControl control;
    private final LongSupplier clock;

    Completions(DeviceLedger ledger, Dispatcher dispatcher, RunControl control, LongSupplier clock) {
        this.ledger = ledger;
        this.dispatcher = dispatcher;
        this.control = control;
        this.clock = clock;
    }

    /** Handles a worker's signal. For a device that was given up, only a removal that was begun counts. */
    void take(Signal.OfDevice signal) {
        int device = signal.device();
        boolean isFinishing = ledger.isFinishing(device);
        if (signal instanceof Signal.Acting acting && !isFinishing) {
            // Also for a device that has just been given up: its driver may have to be bound again.
            ledger.removals().put(device, acting.removal());
        }
        if (!ledger.states().is(device, State.IN_FLIGHT)) {
            return;
        }
        if (signal instanceof Signal.Flushed flushed) {
            ledger.eventLog().flushed(device, flushed.at());
        } else if (signal instanceof Signal.Acting acting) {
            ledger.flights().act(device, acting.at(), acting.patience());
            if (!isFinishing) {
                ledger.eventLog().unbinding(device, acting.at(), acting.removal());
            }
        } else if (signal instanceof Signal.Stopping stopping) {
            ledger.eventLog().stopping(device, stopping.at());
        } else if (signal instanceof Signal.Allow allow) {
            ledger.flights().allow(device, allow.patience());
        } else if (signal instanceof Signal.Paused paused) {
            ledger.flights().extend(device, paused.pause());
        } else if (signal instanceof Signal.GaveUp gaveUp) {
            gaveUp(gaveUp);
        } else if (signal instanceof Signal.Ended ended) {
            ended(ended);
        }
    }

    private void gaveUp(Signal.GaveUp signal) {
        int device = signal.device();
        Reason reason = signal.reason();
        ledger.end(device);
        if (reason instanceof Reason.Failed failed && !ledger.isFinishing(device)) {
            ledger.eventLog().failed(device, signal.at(), failed);
        }
        if (ledger.endFormerFlight(device) && Dispatcher.isPassing(reason) && control.mayStart()) {
            // The reason belongs to the phase before, although the present one has begun.
            ledger.states().set(device, State.WAITING);
            ledger.eventLog().deferred(device, reason, control.begun());
            dispatcher.release(List.of(device));
        } else {
            dispatcher.leaveWithAllItNeeds(device, control.isCancelled() ? new Reason.Cancelled() : reason);
        }
    }

    private void ended(Signal.Ended signal) {
        int device = signal.device();
        ledger.end(device);
        ledger.flights().ended(signal.at());
        if (ledger.isFinishing(device)) {
            dispatcher.endFinishing(device, signal.at(), signal.ending());
            return;
        }
        ledger.eventLog().done(device, signal.at(), signal.ending());
        ledger.endFormerFlight(device);
        if (ledger.lacksStep(device, control.verb()) && control.mayStart()) {
            dispatcher.finish(device);
        } else {
            dispatcher.release(ledger.states().end(device));
        }
    }

    /** Gives up the devices whose time limit has passed. */
    void giveUpExpired() {
        for (OptionalInt expired = ledger.flights().takeExpired(clock.getAsLong());
                expired.isPresent();
                expired = ledger.flights().takeExpired(clock.getAsLong())) {
            int device = expired.getAsInt();
            timeOut(device, ledger.flights().giveUp(device));
        }
    }

    /**
     * Gives up the devices that are stuck before any change, in opening or in a command, when the run waits for nothing
     * else.
     */
    void giveUpStalled() {
        for (int device : ledger.flights().giveUpStalled(clock.getAsLong())) {
            timeOut(device, false);
        }
    }

    private void timeOut(int device, boolean begun) {
        ledger.lane().end(device);
        long now = clock.getAsLong();
        Duration taken = Duration.ofNanos(now - ledger.flights().startOf(device));
        Reason reason = new Reason.TimedOut(taken, begun);
        if (ledger.isFinishing(device)) {
            ledger.timeOutFinishing(device, now, reason);
        } else {
            dispatcher.leaveWithAllItNeeds(device, reason);
        }
    }

    /**
     * Gives up the devices in flight that need the network, which may be gone: their end may be minutes away, and the
     * kernel's own walk does not wait for it.
     */
    void giveUpNetwork() {
        for (int device : ledger.states().all(State.IN_FLIGHT)) {
            if (ledger.handled(device).method().needsNetwork()) {
                ledger.lane().end(device);
                Reason reason = new Reason.NetworkGone(ledger.flights().giveUp(device));
                dispatcher.leaveWithAllItNeeds(device, reason);
            }
        }
    }

    /** Leaves the devices at which no change was begun; the run waits for the others. */
    void cancel() {
        ledger.lane().clear();
        ledger.leaveUnstarted(new Reason.Cancelled());
        for (int device : ledger.states().all(State.IN_FLIGHT)) {
            if (!ledger.flights().withdraw(device)) {
                ledger.end(device);
                dispatcher.leaveWithAllItNeeds(device, new Reason.Cancelled());
            }
        }
    }

    /** Leaves to the kernel the devices that have not started or not ended; for the end of the run. */
    void abandonUnfinished() {
        ledger.leaveUnstarted(control.cutShort(false));
        for (int device : ledger.states().all(State.IN_FLIGHT)) {
            Reason reason = control.cutShort(ledger.flights().giveUp(device));
            if (ledger.isFinishing(device)) {
                dispatcher.endFinishing(device, new Ending.NotStopped(reason.describe()));
            } else {
                ledger.leave(device, reason);
            }
        }
        Ending notBegun = new Ending.NotStopped(control.cutShort(false).describe());
        ledger.states().all(State.QUEUED).forEach(device -> dispatcher.endFinishing(device, notBegun));
    }
}
