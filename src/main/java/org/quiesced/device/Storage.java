// SPDX-License-Identifier: Apache-2.0
package org.quiesced.device;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers which disks would go away with a device of one tree. Immutable. */
public final class Storage {
    /**
     * The hidden disk of one path of a multipath namespace, nvme<i>subsystem</i>c<i>controller</i>n<i>namespace</i>.
     */
    private static final Pattern NVME_PATH = Pattern.compile("(nvme\\d+)c\\d+(n\\d+)");

    private final DeviceTree tree;
    private final Map<String, Device> disksByName = new HashMap<>();

    /** Makes the answers for one tree. */
    public Storage(DeviceTree tree) {
        this.tree = tree;
        for (Device device : tree.devices()) {
            if (device.isA("block")) {
                disksByName.put(device.name(), device);
            }
        }
    }

    /**
     * Returns the whole disks (no partitions) below a device at any depth. In place of the hidden path of a namespace
     * under native NVMe multipath stands the head disk of its subsystem: that is the disk that file systems claim.
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
     * An extended partition of a DOS table only contains others. The kernel makes it two sectors of 512 bytes long, or
     * one of the disk's own ({@code msdos_partition} in {@code block/partitions/msdos.c}); {@code size} counts sectors
     * of 512 bytes.
     */
    private static boolean isContainer(Device partition) {
        return partition.attribute("size").filter(size -> size.matches("[1-8]")).isPresent();
    }

    /**
     * Returns all whole disks of the tree that count what they read and write: hidden paths of namespaces as well as
     * head disks.
     */
    public List<Device> countingDisks() {
        return tree.devices().stream().filter(this::isWholeDisk).toList();
    }

    /**
     * Returns the head disk of a namespace's path under native NVMe multipath, if the device is such a path and the
     * head is there.
     */
    public Optional<Device> headOf(Device disk) {
        return headNameOf(disk).map(disksByName::get);
    }

    /**
     * Returns how the head disk is called of a namespace's path under native NVMe multipath, if the device is such a
     * path.
     */
    public static Optional<String> headNameOf(Device disk) {
        Matcher path = NVME_PATH.matcher(disk.name());
        return path.matches() ? Optional.of(path.group(1) + path.group(2)) : Optional.empty();
    }

    /**
     * Returns how the character device of a namespace is called (class {@code nvme-generic}). That of a head disk
     * stands beside it in the tree, and not below it.
     *
     * @param disk the name of the namespace's disk, {@code nvme3n1}
     */
    public static String genericNameOf(String disk) {
        return "ng" + disk.substring("nvme".length());
    }

    /**
     * Returns the names of the devices of classes that a device's driver has made: its controller, its disks, their
     * partitions. Those that belong to another device with a driver further below are not among them.
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

    /** Returns the first device of a class directly or indirectly below a device, for example its NVMe controller. */
    public Optional<Device> firstBelow(Device device, String subsystem) {
        return tree.descendants(device).stream()
                .filter(below -> below.isA(subsystem))
                .findFirst();
    }

    /**
     * Returns whether a device is a drive, the unit in which shutdowns are counted: an NVMe controller, a SCSI disk, or
     * another device whose driver itself has made a disk, and not one further below. Optical drives have no part in it.
     */
    public boolean isDrive(Device device) {
        return device.isBoundTo("pci", "nvme")
                || device.isBoundTo("scsi", "sd")
                || device.driver().isPresent() && !device.isBoundTo("scsi", "sr") && hasMadeDisk(device);
    }

    private boolean hasMadeDisk(Device device) {
        return tree.children(device).stream()
                .filter(child -> child.driver().isEmpty())
                .anyMatch(child -> child.isA("block") || hasMadeDisk(child));
    }

    private boolean isWholeDisk(Device device) {
        return device.isA("block")
                && tree.parent(device).map(p -> !p.isA("block")).orElse(true);
    }
}
