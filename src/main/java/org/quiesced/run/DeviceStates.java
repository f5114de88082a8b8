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
 * How each device stands in a run, and which may start by the rules of ordering. Devices are given by their index in the tree. For the
 * coordinator's thread.
 */
public final class DeviceStates {
    /** How a device stands. */
    enum State {
        /** It has not started. */
        WAITING,
        /** It waits for the late phase. */
        DEFERRED,
        /** A worker is at it. */
        IN_FLIGHT,
        /** Its driver is gone, and it waits for a worker for one step more. */
        QUEUED,
        /** Its driver is gone, or it had none and all its dependents have ended. */
        ENDED,
        /** It is the kernel's. */
        LEFT
    }

    private final PreparedPlan prepared;
    private final DependencyGraph graph;
    private final State[] states;
    private int[] pending;

    public DeviceStates(PreparedPlan prepared) {
        this.prepared = prepared;
        this.graph = prepared.plan().graph();
        this.states = prepared.states();
        this.pending = prepared.pending();
    }

    /** Returns how a device stands. */
    boolean is(int device, State state) {
        return states[device] == state;
    }

    /** Lets a device stand otherwise, which by itself lets no other start. */
    void set(int device, State state) {
        states[device] = state;
    }

    /** Returns the devices that a run has to do with and that stand like that. */
    List<Integer> all(State state) {
        List<Integer> found = new ArrayList<>();
        for (int device : prepared.concerned()) {
            if (states[device] == state) {
                found.add(device);
            }
        }
        return found;
    }

    /** Returns whether something that a device depends on, at any distance, was started. */
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
     * Lets what stands between a device and those that we handle among what it depends on wait again: the device is down, and takes one step
     * more, of which they must see the end.
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

    /** Lets what was deferred wait again. */
    void endDeferral() {
        all(State.DEFERRED).forEach(device -> states[device] = State.WAITING);
    }

    /** Returns the devices that we handle and that may start when a phase begins: the one found last comes first. */
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

    /** Takes note that a device has ended, and returns the devices that we handle and that may start for that. */
    public List<Integer> end(int device) {
        states[device] = State.ENDED;
        List<Integer> released = new ArrayList<>();
        countDown(device, released);
        return release(released);
    }

    /** All dependents of these devices have ended. One that we do not handle has nothing to do, and lets others start in turn. */
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
     * Leaves a device to the kernel, or to the late phase, with all that it depends on.
     *
     * @return what it depends on, at any distance, as far as that was not left before
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
