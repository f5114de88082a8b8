// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.quiesced.plan.DependencyGraph;
import org.quiesced.plan.Disposition.Handled;

/**
 * The state of each device in a run, and which devices the ordering rules allow to start. Devices are given by their
 * index in the tree. For the coordinator's thread.
 */
public final class DeviceStates {
    /** The state of a device. */
    enum State {
        /** Not started. */
        WAITING,
        /** Deferred to the late phase or to the exitrd. */
        DEFERRED,
        /** A worker is busy with the device. */
        IN_FLIGHT,
        /** The driver is gone, and one more step waits for a worker. */
        QUEUED,
        /** The driver is gone; or there was none, and all dependents have ended. */
        ENDED,
        /** Left to the kernel. */
        LEFT
    }

    private final PreparedPlan prepared;
    private final DependencyGraph graph;
    private final State[] states;
    private int[] pending;

    /** Creates the states with which a run of a plan begins. */
    public DeviceStates(PreparedPlan prepared) {
        this.prepared = prepared;
        this.graph = prepared.plan().graph();
        this.states = prepared.states();
        this.pending = prepared.pending();
    }

    /** Returns whether a device is in a state. */
    boolean is(int device, State state) {
        return states[device] == state;
    }

    /** Sets the state of a device; starts no other device. */
    void set(int device, State state) {
        states[device] = state;
    }

    /** Returns the concerned devices in a state, in the order of the tree. */
    List<Integer> all(State state) {
        List<Integer> found = new ArrayList<>();
        for (int device : prepared.concerned()) {
            if (states[device] == state) {
                found.add(device);
            }
        }
        return found;
    }

    /** Returns whether a handled device on which this one depends, directly or indirectly, was started. */
    boolean hasStartedNeeded(int device) {
        Set<Integer> seen = new HashSet<>();
        ArrayDeque<Integer> open = new ArrayDeque<>(List.of(device));
        while (!open.isEmpty()) {
            for (int needed : graph.needs(open.remove())) {
                boolean handled = prepared.plan().dispositions().get(needed) instanceof Handled;
                if (handled && (states[needed] == State.IN_FLIGHT || states[needed] == State.ENDED)) {
                    return true;
                }
                if (seen.add(needed)) {
                    open.add(needed);
                }
            }
        }
        return false;
    }

    /**
     * Returns the devices without a driver that a device depends on to waiting, because the device takes one more step,
     * whose end the handled devices behind them must await.
     */
    void reopen(int device) {
        for (int needed : graph.needs(device)) {
            if (states[needed] == State.ENDED
                    && !(prepared.plan().dispositions().get(needed) instanceof Handled)) {
                states[needed] = State.WAITING;
                reopen(needed);
            }
        }
    }

    /** Returns deferred devices to waiting. */
    void endDeferral() {
        all(State.DEFERRED).forEach(device -> states[device] = State.WAITING);
    }

    /** Returns the handled devices that may start when a phase begins, in reverse order of discovery. */
    public List<Integer> startable() {
        pending = prepared.pending();
        for (int device : all(State.ENDED)) {
            for (int needed : graph.needs(device)) {
                pending[needed]--;
            }
        }
        List<Integer> free = new ArrayList<>();
        int[] concerned = prepared.concerned();
        for (int at = concerned.length - 1; at >= 0; at--) {
            if (pending[concerned[at]] == 0 && states[concerned[at]] == State.WAITING) {
                free.add(concerned[at]);
            }
        }
        return release(free);
    }

    /** Records that a device has ended, and returns the handled devices that may start because of that. */
    public List<Integer> end(int device) {
        states[device] = State.ENDED;
        List<Integer> released = new ArrayList<>();
        countDown(device, released);
        return release(released);
    }

    /**
     * Returns the handled devices among those without pending dependents. Ends the others at once, which may release
     * more.
     */
    private List<Integer> release(List<Integer> free) {
        List<Integer> startable = new ArrayList<>();
        ArrayDeque<Integer> open = new ArrayDeque<>(free);
        while (!open.isEmpty()) {
            int device = open.remove();
            if (states[device] != State.WAITING) {
                continue;
            }
            if (prepared.plan().dispositions().get(device) instanceof Handled) {
                startable.add(device);
            } else {
                states[device] = State.ENDED;
                List<Integer> released = new ArrayList<>();
                countDown(device, released);
                open.addAll(released);
            }
        }
        return startable;
    }

    private void countDown(int ended, List<Integer> released) {
        for (int needed : graph.needs(ended)) {
            if (--pending[needed] == 0) {
                released.add(needed);
            }
        }
    }

    /**
     * Leaves a device to the kernel, or defers it, with all that it depends on.
     *
     * @param deferred whether the devices are deferred instead of left
     * @return the devices that it depends on, directly or indirectly, and whose state has changed
     */
    List<Integer> leave(int origin, boolean deferred) {
        State state = deferred ? State.DEFERRED : State.LEFT;
        states[origin] = state;
        List<Integer> heldBack = new ArrayList<>();
        ArrayDeque<Integer> open = new ArrayDeque<>();
        open.add(origin);
        while (!open.isEmpty()) {
            for (int needed : graph.needs(open.remove())) {
                if (states[needed] == State.WAITING || states[needed] == State.DEFERRED && !deferred) {
                    states[needed] = state;
                    heldBack.add(needed);
                    open.add(needed);
                }
            }
        }
        return heldBack;
    }
}
