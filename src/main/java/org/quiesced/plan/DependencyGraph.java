// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.DeviceLink;
import org.quiesced.device.DeviceTree;

/**
 * The dependencies between the devices of a tree. A device depends on its parent and its suppliers, and must end before
 * they start. Device links that are {@code sync_state_only} are ignored. A graph may have additional dependencies that
 * are unknown to the kernel. Devices are identified by their index in the tree. Immutable.
 */
public final class DependencyGraph {
    private final int[][] needs;
    private final int[][] dependents;
    /** The graph without additional dependencies; empty if this graph has none. */
    private final Optional<DependencyGraph> ofTree;

    /** Creates the graph of a tree, in time proportional to the number of devices and links. */
    public DependencyGraph(DeviceTree tree) {
        int size = tree.size();
        Map<Integer, int[]> suppliers = new HashMap<>();
        for (DeviceLink link : tree.links()) {
            if (!link.syncStateOnly()) {
                suppliers.merge(
                        tree.indexOf(link.consumer()),
                        new int[] {tree.indexOf(link.supplier())},
                        DependencyGraph::concat);
            }
        }
        needs = new int[size][];
        for (int i = 0; i < size; i++) {
            int parent = tree.parentOf(i);
            int[] own = parent == DeviceTree.NONE ? new int[0] : new int[] {parent};
            needs[i] = suppliers.containsKey(i) ? concat(own, suppliers.get(i)) : own;
        }
        dependents = inverse(needs);
        ofTree = Optional.empty();
    }

    private DependencyGraph(int[][] needs, DependencyGraph ofTree) {
        this.needs = needs;
        this.dependents = inverse(needs);
        this.ofTree = Optional.of(ofTree);
    }

    private static int[][] inverse(int[]... needs) {
        int size = needs.length;
        int[] counts = new int[size];
        for (int[] all : needs) {
            for (int needed : all) {
                counts[needed]++;
            }
        }
        int[][] dependents = new int[size][];
        Arrays.setAll(dependents, i -> new int[counts[i]]);
        for (int i = size - 1; i >= 0; i--) {
            for (int needed : needs[i]) {
                dependents[needed][--counts[needed]] = i;
            }
        }
        return dependents;
    }

    /**
     * Returns the graph with additional dependencies.
     *
     * @param further the device on which each key additionally depends
     */
    DependencyGraph with(Map<Integer, Integer> further) {
        if (further.isEmpty()) {
            return this;
        }
        int[][] all = needs.clone();
        further.forEach((device, needed) -> all[device] = concat(all[device], new int[] {needed}));
        return new DependencyGraph(all, ofTree());
    }

    private static int[] concat(int[] first, int[] second) {
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** Returns the graph of the tree alone, which are the dependencies known to the kernel. */
    public DependencyGraph ofTree() {
        return ofTree.orElse(this);
    }

    /** Returns the number of devices. */
    public int size() {
        return needs.length;
    }

    /**
     * Returns the devices that a device depends on, which may start only after it has ended. The caller must not change
     * the array.
     */
    public int[] needs(int device) {
        return needs[device];
    }

    /**
     * Returns the dependents of a device, which must have ended before it starts. The caller must not change the array.
     */
    public int[] dependents(int device) {
        return dependents[device];
    }
}
