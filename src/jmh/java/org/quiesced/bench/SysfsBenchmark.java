// SPDX-License-Identifier: Apache-2.0
package org.quiesced.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.linux.FakeSysfs;
import org.quiesced.kernel.linux.SysfsTree;
import org.quiesced.method.DriveTypes;

/**
 * Time for reading a live tree of 10,000 devices, compared with {@code find} and {@code cat} for the same links and
 * files.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class SysfsBenchmark {
    private static final int DRIVES = 2_000;

    /** Lists the same directories as {@code SysfsTree}, and reads the same links and files. */
    private static final String FIND_AND_CAT = """
            find bus/*/devices class -mindepth 1 -type l -printf '%%l\\n' >/dev/null
            find -L bus/*/devices -mindepth 2 -maxdepth 2 -name driver -prune -printf '%%l\\n' >/dev/null
            find -L class/nvme/* class/block/* class/devlink/* -maxdepth 1 -type f %s -print0 | xargs -0 cat >/dev/null
            """.formatted(
                    "\\( -name state -o -name transport -o -name model -o -name size"
                            + " -o -name sync_state_only -o -name status \\)");

    /** Number of attributes that a drive, its controller and its disk each have on a running machine. */
    private static final int ATTRIBUTES = 50;

    private Path sys;
    private Device drive;

    /**
     * Creates the tree in memory, like sysfs: ports, drives, controllers, disks and partitions, and a link for each
     * tenth drive.
     */
    @Setup
    public void makeTree() throws IOException {
        sys = Files.createTempDirectory(Path.of("/dev/shm"), "quiesced-sysfs");
        FakeSysfs fake = new FakeSysfs(sys);
        for (int i = 0; i < DRIVES; i++) {
            String port = String.format("/devices/pci%04x:00/%04x:00:%02x.0", i / 32, i / 32, i % 32);
            String drive = port + String.format("/%04x:%02x:00.0", i / 32, 1 + i % 32);
            String controller = drive + "/nvme/nvme" + i;
            fake.onBus(port, "pci", "pcieport", Map.of("class", "0x060400", "vendor", "0x8086", "device", "0x2030"))
                    .onBus(drive, "pci", "nvme", Map.of("class", "0x010802", "vendor", "0x144d", "device", "0xa80a"))
                    .inClass(
                            controller,
                            "nvme",
                            Map.of("state", "live", "transport", "pcie", "model", "Model", "serial", "S" + i))
                    .inClass(controller + "/nvme" + i + "n1", "block", Map.of("size", "1953525168", "ro", "0"))
                    .inClass(controller + "/nvme" + i + "n1/nvme" + i + "n1p1", "block", Map.of("size", "1953523120"));
            if (i % 10 == 1) {
                fake.link(port, drive, "0", "active");
            }
        }
        drive = new SysfsTree(sys, DriveTypes.SUPPORTED.attributes())
                .read().devices().stream()
                        .filter(device -> device.isBoundTo("pci", "nvme"))
                        .findFirst()
                        .orElseThrow();
        addAttributes(drive.path());
        addAttributes(drive.path() + "/nvme/nvme0");
        addAttributes(drive.path() + "/nvme/nvme0/nvme0n1");
    }

    private void addAttributes(String device) throws IOException {
        for (int i = 0; i < ATTRIBUTES; i++) {
            Files.writeString(sys.resolve("." + device + "/attribute_" + i + "_value"), "");
        }
    }

    /** Deletes the tree. */
    @TearDown
    public void removeTree() throws IOException {
        try (Stream<Path> files = Files.walk(sys)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Reads the tree with {@code SysfsTree}. */
    @Benchmark
    public DeviceTree ours() throws IOException {
        return new SysfsTree(sys, DriveTypes.SUPPORTED.attributes()).read();
    }

    /** Reads the devices below one drive, as the worker of each drive does before it begins. */
    @Benchmark
    public DeviceTree below() throws IOException {
        return new SysfsTree(sys, DriveTypes.SUPPORTED.attributes()).readBelow(drive);
    }

    /** Reads the tree with a shell. */
    @Benchmark
    public int findAndCat() throws IOException, InterruptedException {
        return new ProcessBuilder(List.of("sh", "-c", FIND_AND_CAT))
                .directory(sys.toFile())
                .start()
                .waitFor();
    }
}
