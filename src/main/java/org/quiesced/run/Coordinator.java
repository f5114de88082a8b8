// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.quiesced.kernel.Kernel;
import org.quiesced.run.DeviceStates.State;
import org.quiesced.shutdown.Phase;
import org.quiesced.work.WorkerPool;

/**
 * Executes a run on one thread, the only one that records which devices have ended and decides which may start. A
 * device starts when its last dependent has ended; its end affects only the devices that waited for it.
 *
 * <p>The coordinator never calls the kernel, holds no lock, and waits only for its mailbox, always with a time limit.
 * Nothing can block it, so its deadline holds.
 */
final class Coordinator {
    private final PreparedPlan prepared;
    private final Kernel kernel;
    private final WorkerPool<Signal> pool;
    private final Workers workers;
    private final RunControl control;
    private final DeviceLedger ledger;
    private final Dispatcher dispatcher;
    private final Completions completions;
    /** Whether another shutdown waits until this one is undone. */
    private boolean hurried;

    /**
     * Creates a coordinator.
     *
     * @param kernel the kernel that the workers call
     * @param pool the workers and the mailbox
     * @param control the control of the run
     * @param ledger the states of the devices, none of which has started
     * @param options the options with which the control was created
     */
    Coordinator(
            PreparedPlan prepared,
            Kernel kernel,
            WorkerPool<Signal> pool,
            RunControl control,
            DeviceLedger ledger,
            RunOptions options) {
        this.prepared = prepared;
        this.kernel = kernel;
        this.pool = pool;
        this.control = control;
        this.ledger = ledger;
        this.workers = new Workers(kernel, pool);
        this.dispatcher = new Dispatcher(ledger, control, workers, kernel, pool::now, options.earlyObstacle());
        this.completions = new Completions(ledger, dispatcher, control, pool::now);
    }

    /** Executes the run; see {@link Run#execute}. */
    Timeline execute() {
        ledger.announceHandled();
        // Scan in advance only in the late phase. In the early one the machine is busy and most devices wait, so the
        // first device that does not wait starts the scan.
        workers.beginPhase(control.phase() == Phase.LATE && ledger.hasWork());
        releaseFree();
        // Start devices before reporting those that are left to the kernel.
        ledger.announceUnhandled();
        awaitEnd();
        if (control.isCancelled()) {
            restore();
        } else {
            completions.abandonUnfinished();
        }
        workers.end();
        control.end();
        return ledger.eventLog().timeline(control.verb());
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
     * Returns when to stop waiting for devices of which none has begun a change. Never in the early phase, because the
     * run waits for the late phase in any case.
     */
    private long stalledAt() {
        return control.phase() == Phase.LATE ? ledger.flights().stalledAt() : Long.MAX_VALUE;
    }

    /** Starts the devices without pending dependents, at the beginning of a phase. */
    private void releaseFree() {
        dispatcher.release(ledger.states().startable());
        dispatcher.advanceSerialLane(this::drainMailbox);
    }

    private void beginLate(Signal.Late late) {
        control.beginLate(late.verb(), late.left(), late.followed());
        completions.giveUpNetwork();
        ledger.beginNext();
        workers.beginPhase(ledger.hasWork());
        for (int device : ledger.states().all(State.ENDED)) {
            if (ledger.lacksStep(device, control.verb()) && !ledger.states().hasStartedNeeded(device)) {
                dispatcher.finish(device);
            }
        }
        releaseFree();
    }

    private void endUnmounting() {
        control.endUnmounting();
        ledger.beginNext();
        workers.beginPhase(false);
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
        } else if (signal instanceof Signal.Unmounted && isEarly && control.isBeforeUnmounting()) {
            endUnmounting();
        } else if (signal instanceof Signal.Abandon) {
            control.abandon();
        } else if (signal instanceof Signal.Cancel && isEarly) {
            control.cancel();
            completions.cancel();
            workers.endPauses();
        } else if (signal instanceof Signal.Hurry && control.isCancelled()) {
            hurried = true;
            control.hurry(Restoration.HURRIED);
        }
    }

    /**
     * Binds each driver again as soon as possible. Waits for the drivers that are still being unbound, each within its
     * time limit.
     */
    private void restore() {
        // A change may have been begun at a device just before the device was given up.
        drainMailbox();
        Flights flights = ledger.flights();
        Restoration restoration =
                new Restoration(prepared.plan(), ledger.removals(), flights, kernel, pool, ledger.eventLog());
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
