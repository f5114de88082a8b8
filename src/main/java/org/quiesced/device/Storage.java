// SPDX-License-Identifier: Apache-2.0
package org.quiesced.device;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the disks, partitions and class devices that belong to the devices of one tree. Immutable. */
public final class Storage {
    private static final String SCSI = "scsi";

    /** Driver of optical drives, which have a block device but do not count as drives. */
    private static final String OPTICAL = "sr";

    private final DeviceTree tree;
    private final Map<String, Device> disksByName = new HashMap<>();

    /** Indexes the disks of a tree. */
    public Storage(DeviceTree tree) {
        this.tree = tree;
        for (Device device : tree.devices()) {
            if (device.isA("block")) {
                disksByName.put(device.name(), device);
            }
        }
    }

    /**
     * Returns the whole disks (no partitions) below a device at any depth. The hidden path of a namespace under native
     * NVMe multipath is replaced by the head disk of its subsystem, which is the disk that file systems claim.
     */
    public List<Device> disksOf(Device device) {
        List<Device> disks = new ArrayList<>();
        for (Device below : tree.descendants(device)) {
            if (isWholeDisk(below)) {
                Device disk = headOf(below).orElse(below);
                if (!disks.contains(disk)) {
                    disks.add(disk);
                }
            }
        }
        return List.copyOf(disks);
    }

    /** Returns the partitions of a whole disk that can hold data. */
    public List<Device> partitionsOf(Device disk) {
        return tree.children(disk).stream()
                .filter(child -> child.isA("block") && !isContainer(child))
                .toList();
    }

    /**
     * Returns whether a partition is an extended partition of a DOS table, which only contains others. The kernel gives
     * it the length of two sectors of 512 bytes, or of one of the disk's own sectors ({@code msdos_partition} in {@code
     * block/partitions/msdos.c}); {@code size} counts sectors of 512 bytes.
     */
    private static boolean isContainer(Device partition) {
        return partition.attribute("size").filter(size -> size.matches("[1-8]")).isPresent();
    }

    /**
     * Returns all whole disks of the tree, each of which has I/O counters: hidden paths of namespaces as well as head
     * disks.
     */
    public List<Device> countingDisks() {
        return tree.devices().stream().filter(this::isWholeDisk).toList();
    }

    /**
     * Returns the head disk of a namespace's hidden path under native NVMe multipath; empty if the device is no such
     * path, or if the head disk is not in the tree.
     */
    public Optional<Device> headOf(Device disk) {
        return NvmeMultipath.headNameOf(disk).map(disksByName::get);
    }

    /**
     * Returns the names of the class devices that a device's driver has created: its controller, its disks, their
     * partitions. Class devices of another device with a driver further below are omitted.
     */
    public List<String> namesBelow(Device device) {
        List<String> names = new ArrayList<>();
        for (Device child : tree.children(device)) {
            if (child.driver().isEmpty()) {
                if (!child.onBus()) {
                    names.add(child.name());
                    headOf(child).map(Device::name).ifPresent(names::add);
                }
                names.addAll(namesBelow(child));
            }
        }
        return names;
    }

    /** Returns the names by which the configuration knows a device: its own, and {@link #namesBelow}. */
    public List<String> namesOf(Device device) {
        return Stream.concat(Stream.of(device.name()), namesBelow(device).stream())
                .toList();
    }

    /**
     * Returns the device itself if it belongs to a class, or the first one of that class below it at any depth, for
     * example its NVMe controller.
     */
    public Optional<Device> firstBelow(Device device, String subsystem) {
        return Stream.concat(Stream.of(device), tree.descendants(device).stream())
                .filter(below -> below.isA(subsystem))
                .findFirst();
    }

    /**
     * Returns whether a device's own driver, not one further below, has created a disk. Optical drives do not count.
     */
    public boolean hasMadeDisk(Device device) {
        return device.driver().isPresent()
                && !device.isHolder()
                && !device.isBoundTo(SCSI, OPTICAL)
                && hasDiskOfOwn(device);
    }

    private boolean hasDiskOfOwn(Device device) {
        return tree.children(device).stream()
                .filter(child -> child.driver().isEmpty())
                .anyMatch(child -> child.isA("block") || hasDiskOfOwn(child));
    }

    private boolean isWholeDisk(Device device) {
        return device.isA("block")
                && tree.parent(device).map(p -> !p.isA("block")).orElse(true);
    }
}
