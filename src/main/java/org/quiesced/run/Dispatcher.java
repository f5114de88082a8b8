// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.quiesced.config.Settings;
import org.quiesced.kernel.Kernel;
import org.quiesced.method.Ending;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.method.Target;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Disposition.Lane;
import org.quiesced.plan.Reason;
import org.quiesced.run.DeviceStates.State;
import org.quiesced.shutdown.Phase;
import org.quiesced.work.NoWorkerException;

/** Starts devices: each parallel one on its own worker, the serial ones one at a time. For the coordinator's thread. */
final class Dispatcher {
    private final DeviceLedger ledger;
    private final RunControl control;
    private final Workers workers;
    private final Kernel kernel;
    private final LongSupplier clock;
    private final BiFunction<ShutdownMethod, Target, Optional<Reason>> earlyObstacle;

    /**
     * Creates a dispatcher.
     *
     * @param clock the pool's clock
     * @param earlyObstacle returns why a device may not go down in the early phase; empty if it may
     */
    Dispatcher(
            DeviceLedger ledger,
            RunControl control,
            Workers workers,
            Kernel kernel,
            LongSupplier clock,
            BiFunction<ShutdownMethod, Target, Optional<Reason>> earlyObstacle) {
        this.ledger = ledger;
        this.control = control;
        this.workers = workers;
        this.kernel = kernel;
        this.clock = clock;
        this.earlyObstacle = earlyObstacle;
    }

    /**
     * Starts devices whose dependents have all ended, or puts them on the serial lane. While the local file systems are
     * mounted, skips devices that do not need the network; {@link DeviceStates#startable} returns them later.
     */
    void release(List<Integer> startable) {
        for (int device : startable) {
            if (control.isBeforeUnmounting() && !ledger.handled(device).method().needsNetwork()) {
                continue;
            }
            if (ledger.handled(device).lane() == Lane.SERIAL) {
                ledger.lane().add(device);
            } else if (control.mayStart()) {
                start(device, Event.Place.WORKER);
            }
        }
    }

    /**
     * Starts the next of the serial devices that are ready, unless one is in flight.
     *
     * @param drainMailbox handles the signals that have arrived: a device that could not be started has ended
     */
    void advanceSerialLane(Runnable drainMailbox) {
        OptionalInt next = nextOfLane();
        while (next.isPresent()) {
            start(next.getAsInt(), Event.Place.SERIAL_LANE);
            drainMailbox.run();
            next = nextOfLane();
        }
    }

    private OptionalInt nextOfLane() {
        return control.mayStart() ? ledger.lane().next() : OptionalInt.empty();
    }

    /** Starts the step that the current verb requires at a device that is already down. */
    void finish(int device) {
        ledger.beginFinishing(device);
        start(device, Event.Place.WORKER);
    }

    /** Records the end of such a step, and starts the devices that waited for it. */
    void endFinishing(int device, Ending ending) {
        endFinishing(device, clock.getAsLong(), ending);
    }

    /** Records the end of such a step at a given time. */
    void endFinishing(int device, long at, Ending ending) {
        release(ledger.endFinishing(device, at, ending));
    }

    /**
     * Leaves a device and all that it depends on to the kernel, or defers them if the reason may not hold in the next
     * phase.
     */
    void leaveWithAllItNeeds(int origin, Reason reason) {
        if (ledger.isFinishing(origin)) {
            endFinishing(origin, new Ending.NotStopped(reason.describe()));
            return;
        }
        // A device that is configured for another phase than the late one is not tried in the exitrd either.
        boolean forGood = control.phase() == Phase.LATE && reason instanceof Reason.OtherPhase;
        Optional<Event.Awaited> awaited = isPassing(reason) && !forGood ? control.awaited() : Optional.empty();
        ledger.leaveWithAllItNeeds(origin, reason, awaited);
    }

    /** Returns whether a reason that keeps a device out of one phase may not hold in the next. */
    static boolean isPassing(Reason reason) {
        return reason instanceof Reason.InUse
                || reason instanceof Reason.NotReady
                || reason instanceof Reason.OtherPhase
                || reason instanceof Reason.NotReleased;
    }

    private DeviceTask task(int device) {
        Handled handled = ledger.handled(device);
        DeviceTask.Step step = ledger.isFinishing(device) ? handled.method()::finish : handled.method()::shutdown;
        return new DeviceTask(
                device,
                handled,
                step,
                control.verb(),
                control.phase(),
                kernel,
                workers.scans(),
                workers.flushes(),
                new Permit(),
                workers.phaseLasts(),
                control.phase() == Phase.EARLY
                        ? target -> earlyObstacle.apply(handled.method(), target)
                        : target -> Optional.empty(),
                clock,
                control::deadline,
                control::verb,
                control::isWanted);
    }

    private void start(int device, Event.Place place) {
        DeviceTask task = task(device);
        Optional<Reason> otherPhase = otherPhase(task.handled());
        if (otherPhase.isPresent() && !ledger.isFinishing(device)) {
            ledger.lane().end(device);
            leaveWithAllItNeeds(device, otherPhase.get());
            return;
        }
        State before = ledger.isFinishing(device) ? State.QUEUED : State.WAITING;
        long at = clock.getAsLong();
        ledger.states().set(device, State.IN_FLIGHT);
        ledger.flights().begin(device, task.permit(), at, task.allowance());
        try {
            workers.start(task, ledger.plan().tree());
            announceStart(device, at, place);
        } catch (NoWorkerException e) {
            if (place == Event.Place.WORKER) {
                // Try it on the serial lane, for which the reserved worker may be available.
                ledger.states().set(device, before);
                ledger.flights().forget(device);
                ledger.lane().add(device);
            } else {
                startReserved(device, at, task);
            }
        }
    }

    private void startReserved(int device, long at, DeviceTask task) {
        try {
            workers.startReserved(task, ledger.plan().tree());
            announceStart(device, at, Event.Place.RESERVED);
        } catch (NoWorkerException e) {
            ledger.end(device);
            leaveWithAllItNeeds(device, new Reason.Failed(String.valueOf(e.getMessage())));
        }
    }

    private void announceStart(int device, long at, Event.Place place) {
        if (!ledger.isFinishing(device)) {
            ledger.eventLog().started(device, at, place);
        }
    }

    private Optional<Reason> otherPhase(Handled handled) {
        Settings settings = handled.target().settings();
        if (control.phase() == Phase.LATE && handled.method().needsNetwork()) {
            return Optional.of(new Reason.NetworkGone(false));
        }
        if (!settings.isFor(control.phase(), control.verb())) {
            return Optional.of(new Reason.OtherPhase(control.phase(), control.verb()));
        }
        return control.phase() == Phase.EARLY
                ? earlyObstacle.apply(handled.method(), handled.target())
                : Optional.empty();
    }
}
