// SPDX-License-Identifier: Apache-2.0
package org.quiesced.warmup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.host.Exitrd;
import org.quiesced.host.SysRq;
import org.quiesced.host.SystemState;
import org.quiesced.host.linux.LinuxExitrd;
import org.quiesced.host.linux.LinuxSysRq;
import org.quiesced.host.linux.LinuxSystemState;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.DueStops;
import org.quiesced.kernel.GracePeriods;
import org.quiesced.kernel.Holders;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.KernelMessages;
import org.quiesced.kernel.NvmeCommands;
import org.quiesced.kernel.NvmeRegisters;
import org.quiesced.kernel.PageCache;
import org.quiesced.kernel.ScsiCommands;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.linux.LinuxKernel;
import org.quiesced.method.DriveType;
import org.quiesced.method.DriveTypes;
import org.quiesced.method.SampleDrive;
import org.quiesced.method.ShutdownMethod;

/**
 * Kernel of the warm-up: the adapters of the real kernel, on a directory that imitates a small sysfs and whose device
 * nodes are links to {@code /dev/null}. The system calls of a shutdown are made but reach no device; each command to a
 * device counts as successful.
 */
public final class WarmUpKernel implements Kernel, AutoCloseable {
    /** Number of drives for each method. */
    private static final int DRIVES = 3;

    private final Path directory;
    private final LinuxKernel kernel;
    private final DriveTypes types;
    private int drives;
    private int overNetwork;
    private int disks;

    private WarmUpKernel(Path directory, DriveTypes types) {
        this.directory = directory;
        this.types = types;
        this.kernel = LinuxKernel.onFiles(
                directory.resolve("sys"),
                directory.resolve("proc"),
                directory.resolve("dev"),
                directory.resolve("run"),
                types.attributes());
    }

    /**
     * Creates a kernel and its directory, which {@link #close} removes.
     *
     * @param types the types of its drives
     * @throws IOException if the directory cannot be created
     */
    public static WarmUpKernel in(Path directory, DriveTypes types) throws IOException {
        WarmUpKernel kernel = new WarmUpKernel(directory, types);
        kernel.close();
        Files.createDirectories(directory.resolve("proc/1"));
        Files.writeString(directory.resolve("proc/1/stat"), "1 (shutdown) S" + " 0".repeat(50) + "\n");
        Files.writeString(directory.resolve("proc/1/cmdline"), "/shutdown\0reboot\0--timeout=90000000us\0");
        Files.writeString(
                directory.resolve("proc/meminfo"), "MemFree: 1 kB\nCached: 1 kB\nShmem: 1 kB\nSReclaimable: 1 kB\n");
        Files.writeString(directory.resolve("proc/uptime"), "0.10 0.10\n");
        Files.createDirectories(directory.resolve("sys/kernel"));
        kernel.attribute("/kernel/rcu_expedited", "0\n");
        Files.createFile(directory.resolve("proc/sysrq-trigger"));
        kernel.node("console");
        kernel.node("kmsg");
        Set<ShutdownMethod> methods = new HashSet<>();
        for (DriveType type : types.all()) {
            // Drive types with the same method share all of their code.
            int drives = methods.add(type.method()) ? DRIVES : 0;
            for (int i = 0; i < drives; i++) {
                kernel.drive(type.sample(i));
                kernel.drives++;
                kernel.overNetwork += type.method().needsNetwork() ? 1 : 0;
            }
        }
        kernel.onBus("virtio", "/devices/pci0000:00/0000:09:00.0/virtio0", Optional.of("virtio_blk"));
        WarmUpProcesses.in(directory);
        return kernel;
    }

    private void drive(SampleDrive drive) throws IOException {
        for (Device device : drive.devices()) {
            if (device.onBus()) {
                onBus(device.subsystem(), device.path(), device.driver());
            } else if (device.isA("block")) {
                disk(device.path());
            } else {
                inClass(device.subsystem(), device.path());
            }
            for (Map.Entry<String, String> attribute : device.attributes().entrySet()) {
                attribute(device.path() + "/" + attribute.getKey(), attribute.getValue() + "\n");
            }
        }
        for (String name : drive.nodes()) {
            node(name);
        }
        for (Map.Entry<String, String> link : drive.links().entrySet()) {
            Files.createSymbolicLink(
                    directory.resolve("sys" + link.getKey()), directory.resolve("sys" + link.getValue()));
        }
    }

    private void onBus(String bus, String path, Optional<String> driver) throws IOException {
        link(directory.resolve("sys/bus/" + bus + "/devices"), path);
        subsystem(path, "sys/bus/" + bus);
        if (driver.isPresent()) {
            Path drivers = directory.resolve("sys/bus/" + bus + "/drivers/" + driver.get());
            Files.createDirectories(drivers);
            Files.writeString(drivers.resolve("unbind"), "");
            Files.createSymbolicLink(directory.resolve("sys" + path + "/driver"), drivers);
        }
    }

    private void inClass(String subsystem, String path) throws IOException {
        link(directory.resolve("sys/class/" + subsystem), path);
        subsystem(path, "sys/class/" + subsystem);
    }

    private void subsystem(String path, String subsystem) throws IOException {
        Files.createSymbolicLink(directory.resolve("sys" + path + "/subsystem"), directory.resolve(subsystem));
    }

    private void link(Path from, String path) throws IOException {
        Path device = directory.resolve("sys" + path);
        Files.createDirectories(device);
        Files.createDirectories(from);
        Files.createSymbolicLink(from.resolve(device.getFileName()), device);
    }

    private void disk(String path) throws IOException {
        inClass("block", path);
        attribute(path + "/dev", "259:" + disks++ + "\n");
        attribute(path + "/inflight", "0 0\n");
        attribute(path + "/stat", "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n");
        node(path.substring(path.lastIndexOf('/') + 1));
    }

    private void attribute(String path, String value) throws IOException {
        Path file = directory.resolve("sys" + path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, value);
    }

    private void node(String name) throws IOException {
        Path node = directory.resolve("dev/" + name);
        Files.createDirectories(node.getParent());
        if (!Files.isSymbolicLink(node)) {
            Files.createSymbolicLink(node, Path.of("/dev/null"));
        }
    }

    /** Returns the number of drives. */
    public int drives() {
        return drives;
    }

    /** Returns the number of drives that go down in the late phase: those that are not reached through the network. */
    public int drivesOfLatePhase() {
        return drives - overNetwork;
    }

    /** Returns an exitrd whose root file system is unmounted at once. */
    public Exitrd exitrd() {
        return new LinuxExitrd(directory.resolve("proc"), directory);
    }

    /** Returns the SysRq functions, on files in place of the kernel's. */
    public SysRq sysRq() {
        return LinuxSysRq.at(directory.resolve("proc"), directory.resolve("dev"));
    }

    /** Returns a state of the system at the end of a shutdown, with process 1 alive. */
    public SystemState systemState() {
        return new LinuxSystemState(directory);
    }

    @Override
    public DeviceTree readTree() throws IOException {
        return kernel.readTree();
    }

    @Override
    public DeviceTree readBelow(Device device) throws IOException {
        return kernel.readBelow(device);
    }

    @Override
    public Usage usage() {
        return kernel.usage();
    }

    @Override
    public BlockClaims claims() {
        return kernel.claims();
    }

    @Override
    public PageCache pageCache() {
        return kernel.pageCache();
    }

    @Override
    public Drivers drivers() {
        return kernel.drivers();
    }

    @Override
    public Holders holders() {
        return kernel.holders();
    }

    @Override
    public GracePeriods gracePeriods() {
        return kernel.gracePeriods();
    }

    @Override
    public Attributes attributes() {
        return kernel.attributes();
    }

    @Override
    public DueStops dueStops() {
        return kernel.dueStops();
    }

    @Override
    public KernelMessages messages() {
        return kernel.messages();
    }

    @Override
    public NvmeCommands nvme() {
        return new CachedDrives(kernel.nvme());
    }

    @Override
    public NvmeRegisters nvmeRegisters() {
        return kernel.nvmeRegisters();
    }

    @Override
    public ScsiCommands scsi() {
        return kernel.scsi();
    }

    /** Removes the directory, and releases the controllers that are kept. */
    @Override
    public void close() throws IOException {
        for (DriveType type : types.all()) {
            for (int i = 0; i < DRIVES; i++) {
                kernel.nvmeRegisters().giveBack(type.sample(i).devices().get(0));
            }
        }
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
