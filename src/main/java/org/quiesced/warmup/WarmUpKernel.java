// SPDX-License-Identifier: Apache-2.0
package org.quiesced.warmup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.host.Emergency;
import org.quiesced.host.Surroundings;
import org.quiesced.host.linux.LinuxEmergency;
import org.quiesced.host.linux.LinuxSurroundings;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.DueStops;
import org.quiesced.kernel.GracePeriods;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.KernelMessages;
import org.quiesced.kernel.NvmeCommands;
import org.quiesced.kernel.ScsiCommands;
import org.quiesced.kernel.SentFlushes;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.linux.LinuxKernel;
import org.quiesced.work.WorkerPool;

/**
 * A kernel for the warm-up: all of the real adapters, on a directory that imitates a small sysfs and whose device nodes
 * link to {@code /dev/null}. The system calls of a shutdown are made and reach no device; each command to a device counts
 * as carried out.
 */
public final class WarmUpKernel implements Kernel, AutoCloseable {
    /** Number of devices that a warm-up shuts down. */
    public static final int DEVICES = 6;

    /** Number of drives of each kind. */
    private static final int DRIVES = DEVICES / 2;

    private final Path directory;
    private final LinuxKernel kernel;
    private int disks;

    private WarmUpKernel(Path directory) {
        this.directory = directory;
        this.kernel = LinuxKernel.onFiles(
                directory.resolve("sys"),
                directory.resolve("proc"),
                directory.resolve("dev"),
                directory.resolve("run"));
    }

    /**
     * Creates the directory, which is removed when the kernel is closed.
     *
     * @throws IOException if that fails
     */
    public static WarmUpKernel in(Path directory) throws IOException {
        WarmUpKernel kernel = new WarmUpKernel(directory);
        kernel.close();
        Files.createDirectories(directory.resolve("proc/1"));
        Files.writeString(directory.resolve("proc/1/stat"), "1 (shutdown) S" + " 0".repeat(50) + "\n");
        Files.writeString(directory.resolve("proc/1/cmdline"), "/shutdown\0reboot\0--timeout=90000000us\0");
        Files.writeString(directory.resolve("proc/uptime"), "0.10 0.10\n");
        Files.createDirectories(directory.resolve("sys/kernel"));
        kernel.attribute("/kernel/rcu_expedited", "0\n");
        Files.createFile(directory.resolve("proc/sysrq-trigger"));
        kernel.node("console");
        kernel.node("kmsg");
        for (int i = 0; i < DRIVES; i++) {
            kernel.nvmeDrive(i);
            kernel.scsiDisk(i);
        }
        kernel.onBus("virtio", "/devices/pci0000:00/0000:09:00.0/virtio0", "virtio_blk");
        WarmUpProcesses.in(directory);
        return kernel;
    }

    private void nvmeDrive(int number) throws IOException {
        String name = "0000:0" + number + ":00.0";
        String path = "/devices/pci0000:00/" + name;
        onBus("pci", path, "nvme");
        inClass("nvme", path + "/nvme/nvme" + number);
        attribute(path + "/nvme/nvme" + number + "/state", "live\n");
        disk(path + "/nvme/nvme" + number + "/nvme" + number + "n1");
        node("nvme" + number);
    }

    private void scsiDisk(int number) throws IOException {
        String name = "0:0:" + number + ":0";
        String path = "/devices/pci0000:00/host0/target0:0:" + number + "/" + name;
        onBus("scsi", path, "sd");
        inClass("scsi_disk", path + "/scsi_disk/" + name);
        attribute(path + "/scsi_disk/" + name + "/cache_type", "write back\n");
        attribute(path + "/scsi_disk/" + name + "/manage_start_stop", "1\n");
        disk(path + "/block/sd" + (char) ('a' + number));
        Files.createDirectories(directory.resolve("dev/bsg"));
        node("bsg/" + name);
    }

    private void onBus(String bus, String path, String driver) throws IOException {
        Path drivers = directory.resolve("sys/bus/" + bus + "/drivers/" + driver);
        Files.createDirectories(drivers);
        Files.writeString(drivers.resolve("unbind"), "");
        link(directory.resolve("sys/bus/" + bus + "/devices"), path);
        subsystem(path, "sys/bus/" + bus);
        Files.createSymbolicLink(directory.resolve("sys" + path + "/driver"), drivers);
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
        Files.writeString(directory.resolve("sys" + path), value);
    }

    private void node(String name) throws IOException {
        Path node = directory.resolve("dev/" + name);
        Files.createDirectories(node.getParent());
        Files.createSymbolicLink(node, Path.of("/dev/null"));
    }

    /** Returns the means to bring the machine down, on files in place of the kernel's. */
    public Emergency emergency() {
        return LinuxEmergency.at(directory.resolve("proc"), directory.resolve("dev"));
    }

    /** Returns surroundings in which a shutdown is at its end and process 1 is alive. */
    public Surroundings surroundings() {
        return new LinuxSurroundings(directory);
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
    public Drivers drivers() {
        return kernel.drivers();
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
    public void prepareWorkers(int count) {
        kernel.prepareWorkers(count);
    }

    @Override
    public <S> WorkerPool<S> newWorkerPool() {
        return kernel.newWorkerPool();
    }

    /** The drives have a volatile write cache, so that it is flushed. */
    @Override
    public NvmeCommands nvme() {
        return new NvmeCommands() {
            @Override
            public Identity identify(Device controller) throws IOException {
                Identity answer = kernel.nvme().identify(controller);
                return new Identity(answer.serial(), answer.model(), true, answer.shutdownTime());
            }

            @Override
            public Health health(Device controller) throws IOException {
                return kernel.nvme().health(controller);
            }

            @Override
            public void flush(Device namespace) throws IOException {
                kernel.nvme().flush(namespace);
            }

            @Override
            public SentFlushes sentFlushes() {
                return kernel.nvme().sentFlushes();
            }
        };
    }

    @Override
    public ScsiCommands scsi() {
        return kernel.scsi();
    }

    /** Removes the directory. */
    @Override
    public void close() throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
