// SPDX-License-Identifier: Apache-2.0
package org.quiesced.estimate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceLink;
import org.quiesced.device.DeviceTree;
import org.quiesced.estimate.KernelWalk.Step;
import org.quiesced.kernel.WalkMode;
import org.quiesced.plan.DependencyGraph;
import org.quiesced.plan.Plan;

/**
 * Models {@code device_shutdown()} of a kernel with version 18 of the series "shut down devices asynchronously".
 *
 * <p>Each marked device ({@link WalkMode#isParallelFor}) has a worker of its own from the beginning, which waits for
 * all its children and consumers. The other devices go down one after the other; the walk waits at each of them until
 * its marked children and consumers are down ({@code wait_for_shutdown_dependencies()}). As in the kernel's list, where
 * {@code device_link_add()} moves the consumer to the end, the walk comes to a device after all its dependents.
 *
 * <p>The walk of the model always ends. In a cycle of dependencies, where the kernel would wait without a limit, one of
 * the devices does not wait.
 */
final class AsynchronousWalk {
    private final DeviceTree tree;
    private final WalkMode mode;
    private final DependencyGraph graph;
    private final long[] times;
    private final Map<Device, Long> inFlight;

    /**
     * Creates a model.
     *
     * @param times how long the walk waits for each device, in nanoseconds, by its index in the tree
     * @param inFlight when the lock of a device is free, in nanoseconds from the start of the walk
     */
    AsynchronousWalk(Plan plan, long[] times, Map<Device, Long> inFlight) {
        this.tree = plan.tree();
        this.mode = plan.walk();
        this.graph = graphOfKernel(plan);
        this.times = times;
        this.inFlight = inFlight;
    }

    /**
     * Returns the dependencies that the series considers: children and device links. The kernel has no device links
     * from virtual functions of SR-IOV, and none between the paths to a disk.
     */
    private static DependencyGraph graphOfKernel(Plan plan) {
        DeviceTree tree = plan.tree();
        List<DeviceLink> links = tree.links().stream()
                .filter(link -> !link.status().equals(DeviceLink.PHYSICAL_FUNCTION))
                .toList();
        return links.size() == tree.links().size()
                ? plan.graph().ofTree()
                : new DependencyGraph(DeviceTree.of(tree.devices(), links));
    }

    /** Returns the steps that take time, in the order of their start. */
    List<Step> steps() {
        long[] ends = new long[tree.size()];
        List<Step> steps = new ArrayList<>();
        long walk = 0;
        for (int device : dependentsFirst()) {
            boolean marked = mode.isParallelFor(tree.get(device));
            long from = Math.max(marked ? 0 : walk, inFlight.getOrDefault(tree.get(device), 0L));
            for (int dependent : graph.dependents(device)) {
                if (marked || mode.isParallelFor(tree.get(dependent))) {
                    from = Math.max(from, ends[dependent]);
                }
            }
            ends[device] = from + times[device];
            if (!marked) {
                walk = ends[device];
            }
            if (times[device] > 0) {
                steps.add(new Step(tree.get(device), from, ends[device]));
            }
        }
        steps.sort(Comparator.comparingLong(Step::from));
        return List.copyOf(steps);
    }

    /** Returns all devices in the reverse order of discovery, but each after its dependents. */
    private int[] dependentsFirst() {
        int[] order = new int[tree.size()];
        int[] next = new int[tree.size()];
        Arrays.fill(next, -1);
        ArrayDeque<Integer> path = new ArrayDeque<>();
        int count = 0;
        for (int last = tree.size() - 1; last >= 0; last--) {
            enter(last, path, next);
            while (!path.isEmpty()) {
                int device = path.peek();
                if (next[device] == 0) {
                    order[count++] = path.pop();
                } else {
                    enter(graph.dependents(device)[--next[device]], path, next);
                }
            }
        }
        return order;
    }

    /** Puts a device on the path, unless that was done before. */
    private void enter(int device, ArrayDeque<Integer> path, int... next) {
        if (next[device] < 0) {
            next[device] = graph.dependents(device).length;
            path.push(device);
        }
    }
}
