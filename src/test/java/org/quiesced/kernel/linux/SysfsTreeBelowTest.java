// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.method.DriveTypes;

/** Reading below a device gives that part of the whole tree, or fails. */
class SysfsTreeBelowTest extends FakeTreeTest {
    /** Asserts that reading below a device gives the same devices as that part of the whole tree, and returns them. */
    private DeviceTree assertSameAsTheTree(String path) throws IOException {
        DeviceTree tree = read();
        DeviceTree below = new SysfsTree(sys, DriveTypes.SUPPORTED.attributes())
                .readBelow(tree.find(path).orElseThrow());
        assertThat(below.devices())
                .containsExactlyInAnyOrderElementsOf(
                        tree.below(tree.find(path).orElseThrow()).devices());
        assertThat(below.get(0).path()).isEqualTo(path);
        return below;
    }

    @Test
    void deviceWithANodeIsReadWithItsNumber() throws IOException {
        fake.inClass("/devices/virtual/block/md0", "block", Map.of("dev", "9:0"));
        Device planned = new Device("/devices/virtual/block/md0", "block", false, Optional.of("md"), Map.of("a", "b"));

        Device read = new SysfsTree(sys, DriveTypes.SUPPORTED.attributes())
                .readBelow(planned)
                .get(0);

        assertThat(read.attributes()).isEqualTo(Map.of("a", "b", "dev", "9:0"));
        assertThat(read.driver()).contains("md");
    }

    @Test
    void readingBelowAnNvmeDriveFindsAllItsCurrentNodes() throws IOException {
        fake.inClass(NVME + "/nvme/nvme0/ng0n1", "nvme-generic", Map.of("dev", "240:0"))
                .inClass(NVME + "/nvme/nvme0/hwmon1", "hwmon", Map.of());
        DeviceTree before = read();
        fake.inClass(NVME + "/nvme/nvme0/nvme0n2", "block", Map.of("dev", "259:2"));

        DeviceTree below = new SysfsTree(sys, DriveTypes.SUPPORTED.attributes())
                .readBelow(before.find(NVME).orElseThrow());

        assertThat(new Storage(below).disksOf(below.get(0)))
                .extracting(Device::name)
                .containsExactlyInAnyOrder("nvme0n1", "nvme0n2");
        assertThat(below.devices())
                .extracting(device -> device.attribute("dev").orElse(""))
                .contains("240:0", "259:2");
        assertSameAsTheTree(NVME);
        assertSameAsTheTree(PORT);
    }

    @Test
    void readingBelowADriveRecognisesAnExtendedPartition() throws IOException {
        fake.inClass(
                        NVME + "/nvme/nvme0/nvme0n1/nvme0n1p2",
                        "block",
                        Map.of("dev", "259:2", "partition", "2", "size", "2"))
                .inClass(
                        NVME + "/nvme/nvme0/nvme0n1/nvme0n1p5",
                        "block",
                        Map.of("dev", "259:3", "partition", "5", "size", "4096"));
        for (DeviceTree tree : List.of(
                read(),
                new SysfsTree(sys, DriveTypes.SUPPORTED.attributes())
                        .readBelow(read().find(NVME).orElseThrow()))) {
            Device disk = tree.find(NVME + "/nvme/nvme0/nvme0n1").orElseThrow();

            assertThat(new Storage(tree).partitionsOf(disk))
                    .extracting(Device::name)
                    .containsExactlyInAnyOrder("nvme0n1p1", "nvme0n1p5");
        }
    }

    @Test
    void readingBelowAMultipathControllerFindsTheHeadAndItsNodes() throws IOException {
        String second = PORT + "/0000:02:00.0";
        String subsystem = "/devices/virtual/nvme-subsystem/nvme-subsys3";
        fake.onBus(second, "pci", "nvme", Map.of())
                .inClass(second + "/nvme/nvme1", "nvme", Map.of("dev", "241:1"))
                .inClass(second + "/nvme/nvme1/nvme3c1n1", "block", Map.of("hidden", "1"))
                .inClass(second + "/nvme/nvme2", "nvme", Map.of("dev", "241:2"))
                .inClass(second + "/nvme/nvme2/nvme3c2n1", "block", Map.of("hidden", "1"))
                .inClass(subsystem, "nvme-subsystem", Map.of())
                .inClass(subsystem + "/nvme3n1", "block", Map.of("dev", "259:3"))
                .inClass(subsystem + "/nvme3n1/nvme3n1p1", "block", Map.of("dev", "259:4"))
                .inClass(subsystem + "/ng3n1", "nvme-generic", Map.of("dev", "240:3"))
                .inClass(subsystem + "/nvme4n1", "block", Map.of("dev", "259:9"));
        // From Linux 6.15 on, the head disk has links to its paths.
        Path links = Files.createDirectories(sys.resolve("." + subsystem + "/nvme3n1/multipath"));
        Files.createSymbolicLink(links.resolve("nvme3c1n1"), sys.resolve("." + second + "/nvme/nvme1/nvme3c1n1"));

        DeviceTree below = assertSameAsTheTree(second);

        assertThat(below.devices())
                .extracting(Device::name)
                .containsExactlyInAnyOrder(
                        "0000:02:00.0", "nvme1", "nvme3c1n1", "nvme2", "nvme3c2n1", "nvme3n1", "nvme3n1p1", "ng3n1");
        assertThat(new Storage(below).disksOf(below.get(0)))
                .extracting(Device::name)
                .containsExactly("nvme3n1");
        assertThat(new Storage(below).countingDisks())
                .extracting(Device::name)
                .containsExactlyInAnyOrder("nvme3c1n1", "nvme3c2n1", "nvme3n1");
    }

    @Test
    void readingBelowAScsiDiskFindsItsNodes() throws IOException {
        String disk = "/devices/pci0000:00/0000:00:05.0/ata1/host0/target0:0:0/0:0:0:0";
        fake.onBus("/devices/pci0000:00/0000:00:05.0", "pci", "ahci", Map.of())
                .onBus(disk, "scsi", "sd", Map.of())
                .inClass(disk + "/scsi_disk/0:0:0:0", "scsi_disk", Map.of("cache_type", "write back"))
                .inClass(disk + "/block/sda", "block", Map.of("dev", "8:0"))
                .inClass(disk + "/block/sda/sda1", "block", Map.of("dev", "8:1"))
                .inClass(disk + "/scsi_generic/sg0", "scsi_generic", Map.of("dev", "21:0"))
                .inClass(disk + "/bsg/0:0:0:0", "bsg", Map.of("dev", "252:0"));

        assertThat(assertSameAsTheTree(disk).devices())
                .extracting(device -> device.attribute("dev").orElse("none"))
                .containsExactlyInAnyOrder("none", "none", "8:0", "8:1", "21:0", "252:0");
        assertSameAsTheTree("/devices/pci0000:00/0000:00:05.0");
    }

    @Test
    void readingBelowAHostAdapterFindsDisksOfEachTransport() throws IOException {
        String adapter = "/devices/pci0000:00/0000:00:05.0";
        String sas = adapter + "/host0/port-0:0/expander-0:0/port-0:0:1/end_device-0:0:1/target0:0:1/0:0:1:0";
        String fibreChannel = adapter + "/host0/rport-0:0-1/target0:0:2/0:0:2:0";
        fake.onBus(adapter, "pci", "mpt3sas", Map.of())
                .onBus(adapter + "/host0", "scsi", "", Map.of())
                .onBus(sas, "scsi", "sd", Map.of())
                .inClass(sas + "/block/sda", "block", Map.of("dev", "8:0"))
                .onBus(fibreChannel, "scsi", "sd", Map.of())
                .inClass(fibreChannel + "/block/sdb", "block", Map.of("dev", "8:16"));

        DeviceTree below = assertSameAsTheTree(adapter);

        assertThat(new Storage(below).disksOf(below.get(0)))
                .extracting(Device::name)
                .containsExactlyInAnyOrder("sda", "sdb");
    }

    @Test
    void readingBelowAVanishedDeviceFindsNothing() throws IOException {
        Device gone = new Device(NVME + "-gone", "pci", true, Optional.of("nvme"), Map.of());

        assertThatThrownBy(() -> new SysfsTree(sys, DriveTypes.SUPPORTED.attributes()).readBelow(gone))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage("0000:01:00.0-gone: the device is gone");
    }

    /**
     * An incomplete tree would show a device without disks, whose driver would be unbound while the disks are in use.
     */
    @Test
    void unreadableFileFailsTheReadingBelow() throws IOException {
        Device nvme = read().find(NVME).orElseThrow();
        Path disk = sys.resolve("." + NVME + "/nvme/nvme0/nvme0n1");
        Files.createDirectory(disk.resolve("dev"));

        assertThatThrownBy(() -> new SysfsTree(sys, DriveTypes.SUPPORTED.attributes()).readBelow(nvme))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("/nvme0n1/dev: cannot be read");
        Files.delete(disk.resolve("dev"));
        Files.delete(disk.resolve("subsystem"));
        Files.writeString(disk.resolve("subsystem"), "");

        assertThatThrownBy(() -> new SysfsTree(sys, DriveTypes.SUPPORTED.attributes()).readBelow(nvme))
                .isNotInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("/nvme0n1/subsystem: cannot be read");
    }

    @Test
    void readingBelowDevicesOfTheRunningMachineAgreesWithItsTree() throws IOException {
        SysfsTree reader = new SysfsTree(Path.of("/sys"), DriveTypes.SUPPORTED.attributes());
        DeviceTree tree = reader.read();

        for (Device device : tree.devices()) {
            if (device.driver().isPresent()) {
                assertThat(reader.readBelow(device).devices())
                        .as("below %s", device.path())
                        .containsAll(tree.below(device).devices());
            }
        }
    }
}
