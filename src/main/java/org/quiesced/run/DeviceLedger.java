// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quiesced.method.Ending;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Reason;
import org.quiesced.run.DeviceStates.State;
import org.quiesced.shutdown.Verb;

/**
 * The account of a run's devices: how each stands, which are in flight, what was begun at which, and what was said of it. It starts nothing. For
 * the coordinator's thread, but for {@link #flights}, which say themselves who may ask.
 */
final class DeviceLedger {
    private final PreparedPlan prepared;
    private final Plan plan;
    private final Chronicle chronicle;
    private final DeviceStates states;
    private final SerialLane lane;
    private final Flights flights = new Flights();
    /** Devices that are down, and for which another verb asks for more. */
    private final Set<Integer> finishing = new HashSet<>();
    /** Devices in flight since the early phase. */
    private final Set<Integer> sinceEarly = new HashSet<>();
    /** What was begun at devices, whether it has ended or not. */
    private final Map<Integer, Removal> removals = new HashMap<>();

    DeviceLedger(PreparedPlan prepared, Chronicle chronicle) {
        this.prepared = prepared;
        this.plan = prepared.plan();
        this.chronicle = chronicle;
        this.states = new DeviceStates(prepared);
        this.lane = new SerialLane(plan.tree());
    }

    Plan plan() {
        return plan;
    }

    Chronicle chronicle() {
        return chronicle;
    }

    DeviceStates states() {
        return states;
    }

    SerialLane lane() {
        return lane;
    }

    Flights flights() {
        return flights;
    }

    Map<Integer, Removal> removals() {
        return removals;
    }

    /** Returns how the plan handles a device. */
    Disposition.Handled handled(int device) {
        return (Disposition.Handled) plan.dispositions().get(device);
    }

    /** Says of each device that we handle what the plan makes of it. */
    void announceHandled() {
        for (int device : prepared.handled()) {
            chronicle.planned(device, plan.dispositions().get(device));
        }
    }

    /** Says the same of those that we do not handle. */
    void announceUnhandled() {
        for (int device : prepared.left()) {
            Disposition disposition = plan.dispositions().get(device);
            chronicle.planned(device, disposition);
            leave(device, ((Disposition.LeftToKernel) disposition).reason());
        }
    }

    /** Returns whether a device that we handle waits. */
    boolean hasWork() {
        return states.all(State.WAITING).stream()
                .anyMatch(device -> plan.dispositions().get(device) instanceof Disposition.Handled);
    }

    /** Begins the late phase: what is in flight is so since the early one, and what was deferred waits again. */
    void beginLate() {
        lane.clear();
        states.endDeferral();
        sinceEarly.addAll(states.all(State.IN_FLIGHT));
    }

    /** Takes note that a device is in flight no more, and returns whether it was since the early phase. */
    boolean endEarlyFlight(int device) {
        return sinceEarly.remove(device);
    }

    /** Returns whether a device that is down takes one step more for another verb. */
    boolean isFinishing(int device) {
        return finishing.contains(device);
    }

    /** Takes note that a device that is down takes one step more. */
    void beginFinishing(int device) {
        finishing.add(device);
        states.reopen(device);
    }

    /**
     * Takes note that such a step has ended, however it has: the device is down since the early phase.
     *
     * @return what may start for that
     */
    List<Integer> endFinishing(int device, long at, Ending ending) {
        finishing.remove(device);
        chronicle.finished(device, at, ending);
        return states.end(device);
    }

    /** Takes note that the time of such a step is over; a worker is still at the device, and what that stands on must not go. */
    void timeOutFinishing(int device, long at, Reason reason) {
        finishing.remove(device);
        chronicle.finished(device, at, new Ending.NotStopped(reason.describe()));
        announceHeldBack(device, states.leave(device, false), false);
    }

    /** Returns whether a verb asks for a step after the driver is gone that the verb of the device's shutdown did not. */
    boolean lacksStep(int device, Verb verb) {
        return removals.containsKey(device) && removals.get(device).lacksStepOf(verb);
    }

    /** Frees the place of a device in flight and on the serial lane. */
    void end(int device) {
        flights.end(device);
        lane.end(device);
    }

    /** Leaves a device to the kernel. */
    void leave(int device, Reason reason) {
        states.set(device, State.LEFT);
        chronicle.left(device, reason, false);
    }

    /** Leaves a device and all that it needs to the kernel, or to the late phase. */
    void leaveWithAllItNeeds(int origin, Reason reason, boolean deferred) {
        List<Integer> heldBack = states.leave(origin, deferred);
        chronicle.left(origin, reason, deferred);
        announceHeldBack(origin, heldBack, deferred);
    }

    /** Leaves to the kernel what has not started. */
    void leaveUnstarted(Reason reason) {
        states.all(State.WAITING).forEach(device -> leave(device, reason));
        states.all(State.DEFERRED).forEach(device -> leave(device, reason));
    }

    private void announceHeldBack(int origin, List<Integer> heldBack, boolean deferred) {
        Reason held = new Reason.HeldBack(plan.tree().get(origin));
        heldBack.forEach(device -> chronicle.left(device, held, deferred));
    }
}
