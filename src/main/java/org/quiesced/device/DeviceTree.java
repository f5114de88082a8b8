// SPDX-License-Identifier: Apache-2.0
package org.quiesced.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All devices of a machine as of one time, with their parents and the links between them. Immutable.
 *
 * <p>Each device has an index, its place in the discovery order, from 0 to {@link #size()} - 1. Graph algorithms over a
 * hundred thousand devices use these indices instead of the devices.
 */
public final class DeviceTree {
    /** The parent index of a device without a parent. */
    public static final int NONE = -1;

    private final List<Device> devices;
    private final List<DeviceLink> links;
    private final Map<String, Integer> indexByPath;
    private final int[] parents;
    private final int[][] children;

    private DeviceTree(List<Device> devices, Collection<DeviceLink> links) {
        this.devices = devices;
        this.indexByPath = new HashMap<>(devices.size() * 2);
        for (int i = 0; i < devices.size(); i++) {
            if (indexByPath.put(devices.get(i).path(), i) != null) {
                throw new IllegalArgumentException(
                        "the device stands twice in the tree: " + devices.get(i).path());
            }
        }
        this.links = links.stream()
                .filter(link -> indexByPath.containsKey(link.supplier()) && indexByPath.containsKey(link.consumer()))
                .toList();
        this.parents = new int[devices.size()];
        int[] counts = new int[devices.size()];
        for (int i = 0; i < parents.length; i++) {
            parents[i] = nearestAncestor(devices.get(i).path());
            if (parents[i] != NONE) {
                counts[parents[i]]++;
            }
        }
        this.children = new int[devices.size()][];
        Arrays.setAll(children, i -> new int[counts[i]]);
        for (int i = parents.length - 1; i >= 0; i--) {
            if (parents[i] != NONE) {
                children[parents[i]][--counts[parents[i]]] = i;
            }
        }
    }

    /**
     * Creates a tree. The parent of a device is the nearest of the given devices above it in its path.
     *
     * @param devices the devices in the order of their discovery
     * @param links the links; one whose supplier or consumer is not among the devices (it vanished meanwhile) is
     *     dropped
     * @throws IllegalArgumentException if two devices have the same path
     */
    public static DeviceTree of(Collection<Device> devices, Collection<DeviceLink> links) {
        return new DeviceTree(List.copyOf(devices), links);
    }

    private int nearestAncestor(String path) {
        for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
            Integer index = indexByPath.get(path.substring(0, end));
            if (index != null) {
                return index;
            }
        }
        return NONE;
    }

    /** Returns all devices in the order of their discovery. */
    public List<Device> devices() {
        return devices;
    }

    /** Returns all links whose two ends are in the tree. */
    public List<DeviceLink> links() {
        return links;
    }

    /** Returns the number of devices. */
    public int size() {
        return devices.size();
    }

    /**
     * Returns the device with that index.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public Device get(int index) {
        return devices.get(index);
    }

    /**
     * Returns the index of a device of this tree.
     *
     * @throws IllegalArgumentException if no device of the tree has that path
     */
    public int indexOf(String path) {
        Integer index = indexByPath.get(path);
        if (index == null) {
            throw new IllegalArgumentException("no such device: " + path);
        }
        return index;
    }

    /** Returns the device with that path, if it is in the tree. */
    public Optional<Device> find(String path) {
        return Optional.ofNullable(indexByPath.get(path)).map(devices::get);
    }

    /** Returns the index of the device's parent, or {@link #NONE}. */
    public int parentOf(int index) {
        return parents[index];
    }

    /** Returns the number of ancestors of the device with that index. */
    public int depthOf(int index) {
        int depth = 0;
        for (int above = parents[index]; above != NONE; above = parents[above]) {
            depth++;
        }
        return depth;
    }

    /** Returns the device's parent: the nearest device above it. */
    public Optional<Device> parent(Device device) {
        int parent = parents[indexOf(device.path())];
        return parent == NONE ? Optional.empty() : Optional.of(devices.get(parent));
    }

    /** Returns the device's children in the order of their discovery. */
    public List<Device> children(Device device) {
        return Arrays.stream(children[indexOf(device.path())])
                .mapToObj(devices::get)
                .toList();
    }

    /** Returns the device's children at any depth, each before its own children. */
    public List<Device> descendants(Device device) {
        List<Device> found = new ArrayList<>();
        collect(indexOf(device.path()), found);
        return found;
    }

    /**
     * Returns the part of the tree that is below a device, with the device itself first. For the hidden disks of NVMe
     * multipath it also contains the head disks of their subsystems, with everything below these and their character
     * devices.
     */
    public DeviceTree below(Device device) {
        Set<Device> part = new LinkedHashSet<>();
        part.add(device);
        part.addAll(descendants(device));
        if (part.stream().allMatch(member -> NvmeMultipath.headNameOf(member).isEmpty())) {
            // Indexing all disks of the tree would make a run on all of its devices quadratic.
            return of(part, links);
        }
        Storage storage = new Storage(this);
        for (Device head : List.copyOf(part).stream()
                .flatMap(member -> storage.headOf(member).stream())
                .toList()) {
            part.add(head);
            part.addAll(descendants(head));
            String beside = head.path().substring(0, head.path().lastIndexOf('/') + 1);
            find(beside + NvmeMultipath.genericNameOf(head.name())).ifPresent(part::add);
        }
        return of(part, links);
    }

    private void collect(int index, List<Device> found) {
        for (int child : children[index]) {
            found.add(devices.get(child));
            collect(child, found);
        }
    }

    /** Returns the links in which the device is the consumer, to the devices that it needs. */
    public List<DeviceLink> suppliersOf(Device device) {
        return links.stream()
                .filter(link -> link.consumer().equals(device.path()))
                .toList();
    }

    /** Returns the links in which the device is the supplier, to the devices that need it. */
    public List<DeviceLink> consumersOf(Device device) {
        return links.stream()
                .filter(link -> link.supplier().equals(device.path()))
                .toList();
    }
}
