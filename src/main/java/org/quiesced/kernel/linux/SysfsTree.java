// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceLink;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;

/**
 * Reads the device tree from sysfs, or from a copy of it. Every device of a bus stands in {@code bus/BUS/devices}, every device of a class
 * in {@code class/CLASS}, each as a symbolic link to its place in the tree; so two directory levels and one link per device tell it
 * all, and the hundreds of thousands of other files need not be looked at.
 */
public final class SysfsTree {
    private static final String DEVLINK = "devlink";

    private static final Map<String, List<String>> FOR_PLANNING = Map.of(
            "nvme", List.of("state", "transport", "model"),
            "scsi", List.of("vendor", "model", "state", "power/runtime_status"),
            "scsi_disk",
                    List.of(
                            "cache_type",
                            "manage_start_stop",
                            "manage_system_start_stop",
                            "manage_runtime_start_stop",
                            "manage_shutdown",
                            "manage_restart"),
            "block", List.of("size"));

    private static final Map<String, List<String>> FOR_A_REPORT = Map.of(
            "pci", List.of("class", "vendor", "device"),
            "nvme", List.of("serial", "firmware_rev", "subsysnqn"),
            "nvme-subsystem", List.of("model", "serial", "subsysnqn"),
            "scsi", List.of("type", "rev", "wwid"),
            "block", List.of("hidden", "wwid", "nguid", "uuid", "eui"));

    /** Directories that a device may have and that have no devices below them. */
    private static final Set<String> WITHOUT_DEVICES =
            Set.of("power", "queue", "mq", "integrity", "trace", "holders", "slaves", "statistics", "msi_irqs", "link");

    private final String sys;
    private final Map<String, List<String>> attributes;

    /**
     * Makes a reader of what planning and shutting down need.
     *
     * @param sys where sysfs is mounted, or the root of a copy
     */
    public SysfsTree(Path sys) {
        this(sys, FOR_PLANNING);
    }

    private SysfsTree(Path sys, Map<String, List<String>> attributes) {
        this.sys = sys.toString();
        this.attributes = attributes;
    }

    /** Makes a reader that also reads what helps to understand somebody else's machine. */
    public static SysfsTree inFull(Path sys) {
        Map<String, List<String>> all = new HashMap<>(FOR_PLANNING);
        FOR_A_REPORT.forEach((subsystem, names) -> all.merge(subsystem, names, SysfsTree::concat));
        return new SysfsTree(sys, all);
    }

    private static List<String> concat(List<String> first, List<String> second) {
        List<String> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    /**
     * Reads the tree. What vanishes meanwhile is left out.
     *
     * @throws IOException if the directory shows no devices
     */
    public DeviceTree read() throws IOException {
        if (!new File(sys + "/bus").isDirectory()) {
            throw new IOException(sys + ": there is no device tree here (no directory \"bus\"); is sysfs mounted?");
        }
        Map<String, Device> found = new HashMap<>();
        for (String bus : list("/bus")) {
            String directory = "/bus/" + bus + "/devices";
            for (String name : list(directory)) {
                target(directory, name).ifPresent(path -> found.put(path, onBus(path, bus, directory + "/" + name)));
            }
        }
        List<DeviceLink> links = new ArrayList<>();
        for (String subsystem : list("/class")) {
            String directory = "/class/" + subsystem;
            for (String name : list(directory)) {
                Optional<String> path = target(directory, name);
                if (path.isPresent() && subsystem.equals(DEVLINK)) {
                    link(path.get()).ifPresent(links::add);
                } else if (path.isPresent()) {
                    found.put(path.get(), inClass(path.get(), subsystem));
                }
            }
        }
        List<Device> devices = new ArrayList<>(found.values());
        devices.sort(DiscoveryOrder.BY_PATH);
        return DeviceTree.of(devices, links);
    }

    /**
     * Reads the part of the tree that is below a device, the device first. Only what has a subsystem is a device; directories that a device
     * has besides are not entered, but for those that gather the devices of a class.
     *
     * @throws IOException if the device is gone
     */
    DeviceTree readBelow(Device device) throws IOException {
        List<Device> found = new ArrayList<>();
        found.add(device);
        collect(device.path(), found, 0);
        if (!new File(sys + device.path()).isDirectory()) {
            throw new IOException(device.name() + ": the device is gone");
        }
        for (Device hidden : List.copyOf(found)) {
            Storage.headNameOf(hidden)
                    .flatMap(name -> target("/class/block", name))
                    .ifPresent(path -> {
                        found.add(node(path, "block"));
                        collect(path, found, 0);
                    });
        }
        return DeviceTree.of(found, List.of());
    }

    private void collect(String path, List<Device> found, int gatherings) {
        for (String name : list(path)) {
            String child = path + "/" + name;
            File file = new File(sys + child);
            if (WITHOUT_DEVICES.contains(name) || Files.isSymbolicLink(file.toPath()) || !file.isDirectory()) {
                continue;
            }
            Optional<String> subsystem =
                    readLink(sys + child + "/subsystem").map(link -> link.substring(link.lastIndexOf('/') + 1));
            if (subsystem.isPresent()) {
                found.add(node(child, subsystem.get()));
                collect(child, found, 0);
            } else if (gatherings == 0) {
                collect(child, found, 1);
            }
        }
    }

    private Device node(String path, String subsystem) {
        Map<String, String> values = new HashMap<>(attributesOf(path, subsystem));
        SysfsFile.read(sys + path + "/dev").ifPresent(number -> values.put("dev", number));
        return new Device(path, subsystem, false, Optional.empty(), values);
    }

    private Device onBus(String path, String bus, String entry) {
        return new Device(
                path,
                bus,
                true,
                readLink(sys + entry + "/driver").map(target -> target.substring(target.lastIndexOf('/') + 1)),
                attributesOf(path, bus));
    }

    private Device inClass(String path, String subsystem) {
        return new Device(path, subsystem, false, Optional.empty(), attributesOf(path, subsystem));
    }

    private Map<String, String> attributesOf(String path, String subsystem) {
        Map<String, String> values = new HashMap<>();
        for (String name : attributes.getOrDefault(subsystem, List.of())) {
            SysfsFile.read(sys + path + "/" + name).ifPresent(value -> values.put(name, value));
        }
        return values;
    }

    private Optional<DeviceLink> link(String path) {
        Optional<String> supplier = target(path, "supplier");
        Optional<String> consumer = target(path, "consumer");
        if (supplier.isEmpty() || consumer.isEmpty()) {
            return Optional.empty();
        }
        // A link that can't be read any more may still order: only a clear "1" makes it none.
        boolean syncStateOnly = SysfsFile.read(sys + path + "/sync_state_only").equals(Optional.of("1"));
        String status = SysfsFile.read(sys + path + "/status").orElse("unknown");
        return Optional.of(new DeviceLink(supplier.get(), consumer.get(), syncStateOnly, status));
    }

    private List<String> list(String directory) {
        String[] names = new File(sys + directory).list();
        return names == null ? List.of() : List.of(names);
    }

    /** Returns where a link in a directory of sysfs leads to, from the root of sysfs, or nothing if it is no link to a device. */
    private Optional<String> target(String directory, String name) {
        return readLink(sys + directory + "/" + name)
                .map(target ->
                        target.startsWith(sys + "/") ? target.substring(sys.length()) : resolve(directory, target))
                .filter(path -> path.startsWith("/devices/"));
    }

    private static String resolve(String directory, String target) {
        int from = 0;
        int end = directory.length();
        while (target.startsWith("../", from)) {
            from += 3;
            end = Math.max(0, directory.lastIndexOf('/', end - 1));
        }
        return directory.substring(0, end) + "/" + target.substring(from);
    }

    private static Optional<String> readLink(String path) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of(path)).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
