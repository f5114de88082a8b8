// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.method.Ending;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Reason;
import org.quiesced.run.DeviceStates.State;
import org.quiesced.shutdown.Verb;

/**
 * Records the states of a run's devices: which are in flight, which changes were begun, and which events were reported.
 * Starts no device. For the coordinator's thread, except {@link #flights}, which documents its threads.
 */
final class DeviceLedger {
    private final PreparedPlan prepared;
    private final Plan plan;
    private final EventLog eventLog;
    private final DeviceStates states;
    private final SerialLane lane;
    private final Flights flights = new Flights();
    /** Devices that are down and are taking one more step for another verb. */
    private final Set<Integer> finishing = new HashSet<>();
    /** Devices that are in flight since before the present phase. */
    private final Set<Integer> sinceBefore = new HashSet<>();
    /** Removals that were begun, including those that have ended. */
    private final Map<Integer, Removal> removals = new HashMap<>();

    DeviceLedger(PreparedPlan prepared, EventLog eventLog) {
        this.prepared = prepared;
        this.plan = prepared.plan();
        this.eventLog = eventLog;
        this.states = new DeviceStates(prepared);
        this.lane = new SerialLane(plan.tree());
    }

    Plan plan() {
        return plan;
    }

    EventLog eventLog() {
        return eventLog;
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

    /** Reports the plan's disposition of each device that the plan handles. */
    void announceHandled() {
        for (int device : prepared.handled()) {
            eventLog.planned(device, plan.dispositions().get(device));
        }
    }

    /** Reports the disposition of each device that the plan leaves to the kernel, and leaves it. */
    void announceUnhandled() {
        for (int device : prepared.left()) {
            Disposition disposition = plan.dispositions().get(device);
            eventLog.planned(device, disposition);
            leave(device, ((Disposition.LeftToKernel) disposition).reason());
        }
    }

    /** Returns whether a device that the plan handles is waiting. */
    boolean hasWork() {
        return states.all(State.WAITING).stream()
                .anyMatch(device -> plan.dispositions().get(device) instanceof Disposition.Handled);
    }

    /**
     * Begins the next phase or part of a phase: marks the devices in flight as started before it, and returns deferred
     * devices to waiting. Devices that are down and wait on the lane for one more step remain there.
     */
    void beginNext() {
        lane.clear();
        states.all(State.QUEUED).forEach(lane::add);
        states.endDeferral();
        sinceBefore.addAll(states.all(State.IN_FLIGHT));
    }

    /** Removes the mark of a device that was in flight at {@link #beginNext}, and returns whether it had one. */
    boolean endFormerFlight(int device) {
        return sinceBefore.remove(device);
    }

    /** Returns whether a device that is down is taking one more step for another verb. */
    boolean isFinishing(int device) {
        return finishing.contains(device);
    }

    /** Records that a device that is down takes one more step. */
    void beginFinishing(int device) {
        finishing.add(device);
        states.reopen(device);
    }

    /**
     * Records that such a step has ended, successfully or not: the device was down before it.
     *
     * @return the handled devices that may start because of that
     */
    List<Integer> endFinishing(int device, long at, Ending ending) {
        finishing.remove(device);
        eventLog.finished(device, at, ending);
        return states.end(device);
    }

    /**
     * Records that such a step has timed out. Its worker is still busy with the device, so the drivers of all that the
     * device depends on stay bound.
     */
    void timeOutFinishing(int device, long at, Reason reason) {
        finishing.remove(device);
        eventLog.finished(device, at, new Ending.NotStopped(reason.describe()));
        announceHeldBack(device, states.leave(device, false), Optional.empty());
    }

    /** Returns whether a verb requires a step after the driver is gone that the device's shutdown did not include. */
    boolean lacksStep(int device, Verb verb) {
        return removals.containsKey(device) && removals.get(device).lacksStepOf(verb);
    }

    /** Removes a device from those in flight and from the serial lane. */
    void end(int device) {
        flights.end(device);
        lane.end(device);
    }

    /** Leaves a device to the kernel. */
    void leave(int device, Reason reason) {
        states.set(device, State.LEFT);
        eventLog.left(device, reason);
    }

    /**
     * Leaves a device and all that it depends on to the kernel, or defers them.
     *
     * @param awaited what they are deferred to; empty if they are left
     */
    void leaveWithAllItNeeds(int origin, Reason reason, Optional<Event.Awaited> awaited) {
        List<Integer> heldBack = states.leave(origin, awaited.isPresent());
        announceLeft(origin, reason, awaited);
        announceHeldBack(origin, heldBack, awaited);
    }

    /** Leaves the devices that have not started to the kernel. */
    void leaveUnstarted(Reason reason) {
        states.all(State.WAITING).forEach(device -> leave(device, reason));
        states.all(State.DEFERRED).forEach(device -> leave(device, reason));
    }

    private void announceHeldBack(int origin, List<Integer> heldBack, Optional<Event.Awaited> awaited) {
        Reason held = new Reason.HeldBack(plan.tree().get(origin));
        heldBack.forEach(device -> announceLeft(device, held, awaited));
    }

    private void announceLeft(int device, Reason reason, Optional<Event.Awaited> awaited) {
        if (awaited.isPresent()) {
            eventLog.deferred(device, reason, awaited.get());
        } else {
            eventLog.left(device, reason);
        }
    }
}
