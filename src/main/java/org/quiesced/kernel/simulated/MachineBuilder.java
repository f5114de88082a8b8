// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceLink;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.DiskUser;

/** Builds a machine from the parts of typical servers. */
public final class MachineBuilder {
    private final String name;
    private final List<Device> devices = new ArrayList<>();
    private final List<DeviceLink> links = new ArrayList<>();
    private final Map<String, DiskUser> uses = new HashMap<>();
    private final Map<String, String> openers = new HashMap<>();
    private final Map<String, Duration> latencies = new HashMap<>();
    private final Map<String, Fault> faults = new HashMap<>();
    private final Map<String, String> parameters = new HashMap<>();
    private int controllers;
    private int disks;

    /** Creates a builder of an empty machine. */
    public MachineBuilder(String name) {
        this.name = name;
    }

    /**
     * Adds a device on a bus, and returns its path.
     *
     * @param driver its driver; empty for none
     */
    public String device(String parent, String deviceName, String bus, String driver) {
        String path = parent + "/" + deviceName;
        devices.add(new Device(path, bus, true, Optional.of(driver).filter(text -> !text.isEmpty()), Map.of()));
        return path;
    }

    /** Adds an NVMe controller with one namespace of one terabyte and returns the path of its PCI function. */
    public String nvme(String port, String address, Duration latency) {
        int number = controllers++;
        String path = device(port, address, "pci", "nvme");
        String controller = path + "/nvme/nvme" + number;
        classDevice(
                controller,
                "nvme",
                Map.of("state", "live", "transport", "pcie", "model", "Simulated NVMe", "serial", "SIM" + number));
        classDevice(controller + "/nvme" + number + "n1", "block", Map.of("size", "1953525168"));
        latencies.put(path, latency);
        return path;
    }

    /**
     * Adds an NVMe controller that is not bound to the kernel's own driver and returns its path.
     *
     * @param driver its driver; empty for none
     */
    public String nvmeWithoutDriver(String port, String address, String driver, Duration latency) {
        String path = device(port, address, "pci", driver);
        attribute(path, "class", "0x010802");
        latencies.put(path, latency);
        return path;
    }

    /**
     * Adds a controller of NVMe over fabrics with one namespace of one terabyte, and returns its path.
     *
     * @param transport for example {@code tcp}
     */
    public String fabrics(String transport, Duration latency) {
        return fabrics(transport, latency, 0);
    }

    /**
     * Adds a controller of NVMe over fabrics in the same way.
     *
     * @param first an offset to its number, if other controllers were numbered without this builder
     */
    public String fabrics(String transport, Duration latency, int first) {
        String name = "nvme" + (first + controllers++);
        String path = "/devices/virtual/nvme-fabrics/ctl/" + name;
        devices.add(new Device(
                path,
                "nvme",
                false,
                Optional.of("nvme-" + transport),
                Map.of("state", "live", "transport", transport, "model", "Simulated target")));
        classDevice(path + "/" + name + "n1", "block", Map.of("size", "1953525168"));
        latencies.put(path, latency);
        return path;
    }

    /**
     * Adds a SCSI disk of ten terabytes that the kernel stops at power-off, and returns the path of its SCSI device.
     */
    public String scsiDisk(String host, String address, Duration latency) {
        String target = device(host, "target" + address.substring(0, address.lastIndexOf(':')), "scsi", "");
        String path = device(target, address, "scsi", "sd");
        classDevice(
                path + "/scsi_disk/" + address,
                "scsi_disk",
                Map.of("cache_type", "write back", "manage_start_stop", "1"));
        classDevice(path + "/block/sd" + letters(disks++), "block", Map.of("size", "19532873728"));
        latencies.put(path, latency);
        return path;
    }

    /** Adds a device. */
    public MachineBuilder add(Device device) {
        devices.add(device);
        return this;
    }

    /**
     * Adds one of several paths to such a disk and returns the path of its SCSI device.
     *
     * @param wwid the identifier of the disk
     */
    public String scsiPath(String host, String address, String wwid, Duration latency) {
        String path = scsiDisk(host, address, latency);
        attribute(path, "wwid", wwid).attribute(path, "state", "running");
        return path;
    }

    /** Adds a device that belongs to a class. */
    public MachineBuilder classDevice(String path, String subsystem, Map<String, String> attributes) {
        devices.add(new Device(path, subsystem, false, Optional.empty(), attributes));
        return this;
    }

    /** Sets an attribute of a device. */
    public MachineBuilder attribute(String path, String attribute, String value) {
        devices.replaceAll(device -> device.path().equals(path) ? with(device, attribute, value) : device);
        return this;
    }

    private static Device with(Device device, String attribute, String value) {
        Map<String, String> all = new HashMap<>(device.attributes());
        all.put(attribute, value);
        return new Device(device.path(), device.subsystem(), device.onBus(), device.driver(), all);
    }

    /** Sets a parameter of a kernel module. */
    public MachineBuilder parameter(String module, String parameter, String value) {
        parameters.put(module + "." + parameter, value);
        return this;
    }

    /** Adds the link of a virtual function to its physical function, as a reader of sysfs does. */
    public MachineBuilder virtualFunction(String function, String physical) {
        links.add(new DeviceLink(physical, function, false, DeviceLink.PHYSICAL_FUNCTION));
        return this;
    }

    /** Adds a device link. */
    public MachineBuilder link(String consumer, String supplier, boolean syncStateOnly) {
        links.add(new DeviceLink(supplier, consumer, syncStateOnly, "active"));
        return this;
    }

    /** Sets the shutdown time of a device. */
    public MachineBuilder latency(String path, Duration latency) {
        latencies.put(path, latency);
        return this;
    }

    /** Makes all disks below a device used by a user that never releases them. */
    public MachineBuilder inUse(String path, String user) {
        return inUse(path, new DiskUser(user, DiskUser.Release.NEVER));
    }

    /** Makes all disks below a device used by a user. */
    public MachineBuilder inUse(String path, DiskUser user) {
        devices.stream()
                .filter(device -> device.isA("block") && device.path().startsWith(path + "/"))
                .forEach(disk -> uses.put(disk.path(), user));
        return this;
    }

    /** Makes the device itself used, as by a VFIO group or mapped registers. */
    public MachineBuilder use(String path, DiskUser user) {
        uses.put(path, user);
        return this;
    }

    /** Adds an opener of a device node, which may be that of a disk, a partition or a character device. */
    public MachineBuilder open(String path, String user) {
        openers.put(path, user);
        return this;
    }

    /** Adds a fault to a device. */
    public MachineBuilder fault(String path, Fault fault) {
        faults.put(path, fault);
        return this;
    }

    /** Returns the machine. */
    public Machine build() {
        return new Machine(
                name, "6.1.0-simulated", DeviceTree.of(devices, links), uses, openers, latencies, faults, parameters);
    }

    /** Returns the letters of a disk's name in the kernel's order: a to z, then aa. */
    private static String letters(int number) {
        return (number < 26 ? "" : letters(number / 26 - 1)) + (char) ('a' + number % 26);
    }
}
