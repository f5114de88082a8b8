// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceLink;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.NvmeMultipath;
import org.quiesced.kernel.TreeAttributes;
import org.quiesced.linux.FileStatus;
import org.quiesced.linux.PseudoFile;

/**
 * Reads the device tree from sysfs, or from a copy of it. Every device of a bus is in {@code bus/BUS/devices}, every
 * device of a class in {@code class/CLASS}, each as a symbolic link to its place in the tree; so reading two directory
 * levels and one link per device suffices, and the hundreds of thousands of other files are not read.
 */
public final class SysfsTree {
    private static final String DEVLINK = "devlink";

    /** Names of directories without devices that a device may have. */
    private static final Set<String> WITHOUT_DEVICES =
            Set.of("power", "queue", "mq", "integrity", "trace", "holders", "slaves", "statistics", "msi_irqs", "link");

    /**
     * Classes whose devices the kernel creates below many drives, with any driver, and of which no attribute is read.
     * The SCSI layer creates its own for each device on its bus ({@code drivers/scsi/scsi_sysfs.c}).
     */
    private static final Set<String> OTHER_CLASSES = Set.of("block", "scsi_device", "scsi_generic", "bsg", "hwmon");

    /**
     * Links of a sysfs directory without subdirectories; each subdirectory adds one ({@code kernfs_refresh_inode} in
     * {@code fs/kernfs/inode.c}).
     */
    private static final int LINKS_OF_ITSELF = 2;

    private final String sys;

    private final TreeAttributes attributes;
    private final FabricsControllers fabrics;
    private final SysfsAttributes files;

    /** The known names of directories that contain the devices of a class below their parent. */
    private final Set<String> classDirectories;
    /**
     * Creates a reader.
     *
     * @param sys the mount point of sysfs, or the root of a copy
     * @param attributes the attributes that are read with each device of the whole tree
     */
    public SysfsTree(Path sys, TreeAttributes attributes) {
        this.sys = sys.toString();
        this.attributes = attributes;
        Set<String> classes = new HashSet<>(attributes.bySubsystem().keySet());
        classes.addAll(OTHER_CLASSES);
        this.classDirectories = Set.copyOf(classes);
        this.fabrics = new FabricsControllers(sys);
        this.files = new SysfsAttributes(sys);
    }

    /**
     * Reads the tree. Devices that vanish meanwhile are omitted.
     *
     * @throws IOException if the directory has no devices, or an existing directory cannot be read
     */
    public DeviceTree read() throws IOException {
        if (!new File(sys + "/bus").isDirectory()) {
            throw new IOException(sys + ": there is no device tree here (no directory \"bus\"); is sysfs mounted?");
        }
        Map<String, Device> found = new HashMap<>();
        List<DeviceLink> links = new ArrayList<>();
        for (String bus : list("/bus")) {
            String directory = "/bus/" + bus + "/devices";
            for (String name : list(directory)) {
                target(directory, name).ifPresent(path -> {
                    found.put(path, onBus(path, bus, directory + "/" + name));
                    if (bus.equals("pci")) {
                        physicalFunction(path).ifPresent(links::add);
                    }
                });
            }
        }
        for (String subsystem : list("/class")) {
            String directory = "/class/" + subsystem;
            for (String name : list(directory)) {
                Optional<String> path = target(directory, name);
                if (path.isPresent() && subsystem.equals(DEVLINK)) {
                    link(path.get()).ifPresent(links::add);
                } else if (path.isPresent()) {
                    found.put(path.get(), inClass(path.get(), subsystem));
                    if (subsystem.equals("block")) {
                        links.addAll(HolderLinks.of(path.get(), name, this::list, this::target));
                    }
                }
            }
        }
        List<Device> devices = new ArrayList<>(found.values());
        devices.sort(DiscoveryOrder.BY_PATH);
        return DeviceTree.of(devices, links);
    }

    /**
     * Reads the part of the tree below a device, the device first. A directory with a subsystem is a device. Other
     * directories are read too: they contain the devices of a class ({@code nvme}, {@code block}), or are devices of a
     * transport ({@code ata1}, {@code port-0:0}, {@code rport-0:0-1}), which contain SCSI targets at any depth.
     *
     * @throws NoSuchFileException if the device is gone
     * @throws IOException if something below it exists and cannot be read: the result is never partial
     */
    public DeviceTree readBelow(Device device) throws IOException {
        List<String> names = list(device.path());
        if (names.isEmpty()) {
            throw new NoSuchFileException(device.name(), null, "the device is gone");
        }
        Set<Device> found = new LinkedHashSet<>();
        found.add(device.with(nodeOf(device.path(), names)));
        collectIn(device.path(), names, found);
        for (Device hidden : List.copyOf(found)) {
            Optional<String> head = NvmeMultipath.headNameOf(hidden);
            if (head.isPresent()) {
                collectTarget("/class/block", head.get(), found);
                String generic = NvmeMultipath.genericNameOf(head.get());
                collectTarget("/class/" + NvmeMultipath.GENERIC_CLASS, generic, found);
            }
        }
        return DeviceTree.of(found, List.of());
    }

    private void collectTarget(String directory, String name, Set<Device> found) throws IOException {
        Optional<String> path = PseudoFile.link(sys + directory + "/" + name).flatMap(link -> path(directory, link));
        if (path.isPresent()) {
            collect(path.get(), found);
        }
    }

    private static String lastPart(String link) {
        return link.substring(link.lastIndexOf('/') + 1);
    }

    private Map<String, String> nodeOf(String path, List<String> names) throws IOException {
        Map<String, String> attributes = new HashMap<>();
        if (names.contains("dev")) {
            PseudoFile.readIfThere(sys + path + "/dev").ifPresent(number -> attributes.put("dev", number));
        }
        return attributes;
    }

    private void collect(String path, Set<Device> found) throws IOException {
        List<String> names = list(path);
        if (names.contains("subsystem")) {
            // Only the attributes of nodes and partitions are read, because this delays the shutdown of each drive.
            Map<String, String> attributes = nodeOf(path, names);
            if (names.contains("partition")) {
                PseudoFile.readIfThere(sys + path + "/size").ifPresent(size -> attributes.put("size", size));
            }
            Optional<String> driver = names.contains("driver")
                    ? PseudoFile.link(sys + path + "/driver").map(SysfsTree::lastPart)
                    : Optional.empty();
            PseudoFile.link(sys + path + "/subsystem")
                    .ifPresent(link ->
                            found.add(new Device(path, lastPart(link), driver.isPresent(), driver, attributes)));
        }
        collectIn(path, names, found);
    }

    /**
     * Reads the devices in a directory. It has some fifty files and links, but few subdirectories, and testing each
     * would dominate the cost; so names that look like a device are tested first, until as many subdirectories are
     * found as the number of links indicates.
     */
    private void collectIn(String path, List<String> names, Set<Device> found) throws IOException {
        FileStatus status = new FileStatus();
        int links = status.read(sys + path) ? status.links() : 0;
        // A file system other than sysfs may not count the links of directories; then every name may be a directory.
        int missing = links < LINKS_OF_ITSELF ? names.size() : links - LINKS_OF_ITSELF;
        for (boolean likely : List.of(true, false)) {
            for (String name : names) {
                if (missing > 0 && looksLikeDevice(name) == likely && isDirectory(sys + path + "/" + name)) {
                    missing--;
                    if (!WITHOUT_DEVICES.contains(name)) {
                        collect(path + "/" + name, found);
                    }
                }
            }
        }
    }

    private boolean looksLikeDevice(String name) {
        char last = name.charAt(name.length() - 1);
        return last >= '0' && last <= '9' || classDirectories.contains(name) || WITHOUT_DEVICES.contains(name);
    }

    /** Returns whether the path is a directory; false for a symbolic link to one. */
    private static boolean isDirectory(String path) throws IOException {
        try {
            return Files.readAttributes(Path.of(path), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isDirectory();
        } catch (NoSuchFileException e) {
            return false;
        }
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
        return new Device(path, subsystem, false, fabrics.driverOf(path, subsystem), attributesOf(path, subsystem));
    }

    private Map<String, String> attributesOf(String path, String subsystem) {
        Map<String, String> values = new HashMap<>();
        for (String name : attributes.of(subsystem)) {
            files.read(path, name).ifPresent(value -> values.put(name, value));
        }
        return values;
    }

    /**
     * Returns the link of a virtual function of SR-IOV to its physical function, on which it depends although it is not
     * below it. The kernel has a symbolic link for that ({@code pci_iov_add_virtfn} in {@code drivers/pci/iov.c}) and
     * no device link.
     */
    private Optional<DeviceLink> physicalFunction(String path) {
        return target(path, DeviceLink.PHYSICAL_FUNCTION)
                .map(supplier -> new DeviceLink(supplier, path, false, DeviceLink.PHYSICAL_FUNCTION));
    }

    private Optional<DeviceLink> link(String path) {
        Optional<String> supplier = target(path, "supplier");
        Optional<String> consumer = target(path, "consumer");
        if (supplier.isEmpty() || consumer.isEmpty()) {
            return Optional.empty();
        }
        // A link that cannot be read may order devices; only the value "1" excludes that.
        boolean syncStateOnly = PseudoFile.read(sys + path + "/sync_state_only").equals(Optional.of("1"));
        String status = PseudoFile.read(sys + path + "/status").orElse("unknown");
        return Optional.of(new DeviceLink(supplier.get(), consumer.get(), syncStateOnly, status));
    }

    private List<String> list(String directory) throws IOException {
        return PseudoFile.list(sys + directory);
    }

    /**
     * Returns the target of a link in a directory of sysfs, relative to the root of sysfs; empty if it is not a link to
     * a device.
     */
    private Optional<String> target(String directory, String name) {
        return readLink(sys + directory + "/" + name).flatMap(link -> path(directory, link));
    }

    private Optional<String> path(String directory, String link) {
        String path = link.startsWith(sys + "/") ? link.substring(sys.length()) : resolve(directory, link);
        return Optional.of(path).filter(text -> text.startsWith("/devices/"));
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
