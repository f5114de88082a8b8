// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.quiesced.device.Device;
import org.quiesced.plan.DependencyGraph;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Disposition.LeftToKernel;
import org.quiesced.plan.Plan;

/**
 * The initial data of every run of a plan, computed with the plan and not during a shutdown: a run concerns only some
 * of the devices of a machine, and should not spend time on the others. Immutable.
 */
public final class PreparedPlan {
    private final Plan plan;
    private final int[] handled;
    private final List<Device> devices;
    private final int[] left;
    private final int[] concerned;
    private final int[] pending;
    private final DeviceStates.State[] states;

    /** Prepares a plan. The cost grows with the number of devices and links. */
    public PreparedPlan(Plan plan) {
        this.plan = plan;
        int size = plan.tree().size();
        this.handled = indices(size, i -> plan.dispositions().get(i) instanceof Handled);
        this.devices = Arrays.stream(handled).mapToObj(plan.tree()::get).toList();
        this.left = indices(size, i -> plan.dispositions().get(i) instanceof LeftToKernel);
        this.states = new DeviceStates.State[size];
        Arrays.fill(states, DeviceStates.State.WAITING);
        for (int i : left) {
            states[i] = DeviceStates.State.LEFT;
        }
        boolean[] marks = concerned(plan.graph());
        this.concerned = indices(size, i -> marks[i]);
        this.pending = new int[size];
        for (int i : concerned) {
            for (int needed : plan.graph().needs(i)) {
                pending[needed]++;
            }
        }
    }

    private static int[] indices(int size, IntPredicate which) {
        return IntStream.range(0, size).filter(which).toArray();
    }

    /**
     * Marks the handled devices, and all that they depend on except for what is left to the kernel. No other device can
     * start or delay anything.
     */
    private boolean[] concerned(DependencyGraph graph) {
        boolean[] marks = new boolean[states.length];
        ArrayDeque<Integer> open = new ArrayDeque<>();
        for (int i : handled) {
            marks[i] = true;
            open.add(i);
        }
        while (!open.isEmpty()) {
            for (int needed : graph.needs(open.remove())) {
                if (!marks[needed] && states[needed] == DeviceStates.State.WAITING) {
                    marks[needed] = true;
                    open.add(needed);
                }
            }
        }
        return marks;
    }

    /** Returns the plan. */
    public Plan plan() {
        return plan;
    }

    /** Returns the handled devices, in the order of the tree. */
    public List<Device> devices() {
        return devices;
    }

    /** Returns the handled devices that are reached through the network. */
    public List<Device> needingNetwork() {
        return devices.stream().filter(plan::needsNetwork).toList();
    }

    /**
     * Returns the indices of the handled devices in the tree, in ascending order. The caller must not modify the array.
     */
    int[] handled() {
        return handled;
    }

    /** Returns the indices of the devices that the plan leaves to the kernel, likewise. */
    int[] left() {
        return left;
    }

    /**
     * Returns the indices of the devices that a run concerns, likewise: the handled ones, and those without a driver
     * between them.
     */
    int[] concerned() {
        return concerned;
    }

    /** Returns the number of concerned devices that each device waits for. The caller may modify the array. */
    int[] pending() {
        return pending.clone();
    }

    /** Returns the initial state of each device. The caller may modify the array. */
    DeviceStates.State[] states() {
        return states.clone();
    }
}
