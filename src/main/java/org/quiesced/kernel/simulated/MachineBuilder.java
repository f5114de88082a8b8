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

/** Puts a machine together from the parts that servers are made of. */
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

    /** Starts with an empty machine. */
    public MachineBuilder(String name) {
        this.name = name;
    }

    /** Adds a device on a bus, with a driver unless that is empty, and returns its path. */
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
     * Adds an NVMe controller that the kernel's own driver does not have and returns its path.
     *
     * @param driver its driver; empty if it has none
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
     * @param first what is added to its number, where others have been given numbers without this builder
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
     * Adds a SCSI disk of ten terabytes that the kernel manages (it stops at power-off) and returns the path of its
     * SCSI device.
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

    /** Adds a device as it is. */
    public MachineBuilder add(Device device) {
        devices.add(device);
        return this;
    }

    /**
     * Adds one of several paths to such a disk and returns the path of its SCSI device.
     *
     * @param wwid what identifies the disk
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

    /** Gives a device that was added one more attribute, or another value of one. */
    public MachineBuilder attribute(String path, String attribute, String value) {
        devices.replaceAll(device -> device.path().equals(path) ? with(device, attribute, value) : device);
        return this;
    }

    private static Device with(Device device, String attribute, String value) {
        Map<String, String> all = new HashMap<>(device.attributes());
        all.put(attribute, value);
        return new Device(device.path(), device.subsystem(), device.onBus(), device.driver(), all);
    }

    /** Gives a module of the kernel a parameter. */
    public MachineBuilder parameter(String module, String parameter, String value) {
        parameters.put(module + "." + parameter, value);
        return this;
    }

    /** Makes a device a virtual function of another, as a reader of sysfs has it. */
    public MachineBuilder virtualFunction(String function, String physical) {
        links.add(new DeviceLink(physical, function, false, DeviceLink.PHYSICAL_FUNCTION));
        return this;
    }

    /** Joins two devices by a link. */
    public MachineBuilder link(String consumer, String supplier, boolean syncStateOnly) {
        links.add(new DeviceLink(supplier, consumer, syncStateOnly, "active"));
        return this;
    }

    /** Makes a device take that long to shut down. */
    public MachineBuilder latency(String path, Duration latency) {
        latencies.put(path, latency);
        return this;
    }

    /** Makes all disks below a device used by somebody who stays. */
    public MachineBuilder inUse(String path, String user) {
        return inUse(path, new DiskUser(user, DiskUser.Release.NEVER));
    }

    /** Makes all disks below a device used by somebody. */
    public MachineBuilder inUse(String path, DiskUser user) {
        devices.stream()
                .filter(device -> device.isA("block") && device.path().startsWith(path + "/"))
                .forEach(disk -> uses.put(disk.path(), user));
        return this;
    }

    /** Makes a device itself used by somebody, as a VFIO group or mapped registers are. */
    public MachineBuilder use(String path, DiskUser user) {
        uses.put(path, user);
        return this;
    }

    /** Lets somebody have the node of a device open, which may be a disk, a partition or a character device. */
    public MachineBuilder open(String path, String user) {
        openers.put(path, user);
        return this;
    }

    /** Breaks a device. */
    public MachineBuilder fault(String path, Fault fault) {
        faults.put(path, fault);
        return this;
    }

    /** Returns the machine as it is so far. */
    public Machine build() {
        return new Machine(
                name, "6.1.0-simulated", DeviceTree.of(devices, links), uses, openers, latencies, faults, parameters);
    }

    /** Names disks as the kernel does: a to z, then aa. */
    private static String letters(int number) {
        return (number < 26 ? "" : letters(number / 26 - 1)) + (char) ('a' + number % 26);
    }
}
