// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.WalkMode;
import org.quiesced.method.DriveTypes;

/**
 * The dispositions of all devices of a machine. Immutable.
 *
 * @param tree the machine's devices
 * @param types the types of drives that were known when the plan was made
 * @param graph the dependencies between the devices
 * @param walk the mode of the kernel's walk over the remaining devices
 * @param dispositions the disposition of each device, by its index in the tree
 * @param cycles the dependency cycles
 */
public record Plan(
        DeviceTree tree,
        DriveTypes types,
        DependencyGraph graph,
        WalkMode walk,
        List<Disposition> dispositions,
        List<Reason.Circular> cycles) {
    /** Copies the lists. */
    public Plan {
        dispositions = List.copyOf(dispositions);
        cycles = List.copyOf(cycles);
    }

    /** Returns conditions that an administrator should examine, as sentences. */
    public List<String> warnings() {
        return cycles.stream().map(Reason.Circular::warning).toList();
    }

    /** Returns the disposition of a device. */
    public Disposition of(Device device) {
        return dispositions.get(tree.indexOf(device.path()));
    }

    /**
     * Returns the devices that have a driver, or that the configuration shuts down without one, in the order of
     * discovery.
     */
    public List<Device> driven() {
        return IntStream.range(0, tree.size())
                .filter(this::isDriven)
                .mapToObj(tree::get)
                .toList();
    }

    private boolean isDriven(int device) {
        return !(dispositions.get(device) instanceof Disposition.NoDriver);
    }

    /** Returns whether quiesced shuts a device down. */
    public boolean handles(Device device) {
        return of(device) instanceof Disposition.Handled;
    }

    /** Returns whether quiesced shuts a device down that needs the network. */
    public boolean needsNetwork(Device device) {
        return of(device) instanceof Disposition.Handled handled
                && handled.method().needsNetwork();
    }

    /** Returns the number of devices of a lane. */
    public long count(Disposition.Lane lane) {
        return dispositions.stream()
                .filter(d -> d instanceof Disposition.Handled handled && handled.lane() == lane)
                .count();
    }

    /** Returns the devices that a device waits for: its nearest dependents among {@link #driven}. */
    public List<Device> waitsFor(Device device) {
        Set<Integer> seen = new LinkedHashSet<>();
        List<Device> found = new ArrayList<>();
        ArrayDeque<Integer> open = new ArrayDeque<>();
        open.add(tree.indexOf(device.path()));
        while (!open.isEmpty()) {
            for (int dependent : graph.dependents(open.remove())) {
                if (!seen.add(dependent)) {
                    continue;
                }
                if (isDriven(dependent)) {
                    found.add(tree.get(dependent));
                } else {
                    open.add(dependent);
                }
            }
        }
        return List.copyOf(found);
    }
}
