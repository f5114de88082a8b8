// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceLink;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.linux.PseudoFile;
import org.quiesced.method.DriveTypes;

/** The tree has all devices and links of sysfs, and an unreadable file is an error. */
class SysfsTreeTest extends FakeTreeTest {
    @Test
    void devicesOfBusesAndClassesAreReadWithDriversParentsAndAttributes() throws IOException {
        DeviceTree tree = read();

        Device nvme = tree.find(NVME).orElseThrow();
        assertThat(nvme.isBoundTo("pci", "nvme")).isTrue();
        assertThat(tree.parent(nvme).map(Device::name)).contains("0000:00:01.0");
        assertThat(tree.descendants(nvme)).extracting(Device::name).containsExactly("nvme0", "nvme0n1", "nvme0n1p1");
        assertThat(tree.find(NVME + "/nvme/nvme0").orElseThrow().attribute("state"))
                .contains("live");
    }

    @Test
    void serialNumbersAreReadForReportsOnly() throws IOException {
        assertThat(read().find(NVME + "/nvme/nvme0").orElseThrow().attribute("serial"))
                .isEmpty();
        assertThat(new SysfsTree(sys, DriveTypes.SUPPORTED.capturedAttributes())
                        .read()
                        .find(NVME + "/nvme/nvme0")
                        .orElseThrow()
                        .attribute("serial"))
                .contains("S1");
    }

    @Test
    void deviceLinksAreReadWithTheirKindAndStatus() throws IOException {
        String iommu = "/devices/platform/iommu.0";
        fake.onBus(iommu, "platform", "smmu", Map.of())
                .link(iommu, NVME, "0", "active")
                .link(iommu, PORT, "1", "dormant");

        assertThat(read().links())
                .containsExactlyInAnyOrder(
                        new DeviceLink(iommu, NVME, false, "active"), new DeviceLink(iommu, PORT, true, "dormant"));
        assertThat(read().consumersOf(read().find(iommu).orElseThrow())).hasSize(2);
        assertThat(read().suppliersOf(read().find(NVME).orElseThrow())).hasSize(1);
    }

    @Test
    void headDiskRepresentsThePathsOfAMultipathNamespace() throws IOException {
        String second = PORT + "/0000:02:00.0";
        fake.onBus(second, "pci", "nvme", Map.of())
                .inClass(second + "/nvme/nvme1", "nvme", Map.of())
                .inClass(second + "/nvme/nvme1/nvme3c1n1", "block", Map.of("hidden", "1"))
                .inClass("/devices/virtual/nvme-subsystem/nvme-subsys3", "nvme-subsystem", Map.of())
                .inClass("/devices/virtual/nvme-subsystem/nvme-subsys3/nvme3n1", "block", Map.of());
        DeviceTree tree = read();

        assertThat(new Storage(tree).disksOf(tree.find(second).orElseThrow()))
                .extracting(Device::path)
                .containsExactly("/devices/virtual/nvme-subsystem/nvme-subsys3/nvme3n1");
    }

    @Test
    void unreadableDirectoryDiffersFromAMissingDirectory() throws IOException {
        Path loop = Files.createSymbolicLink(sys.resolve("loop"), Path.of("loop"));
        Path file = Files.writeString(sys.resolve("file"), "");

        assertThatThrownBy(() -> PseudoFile.list(loop.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/loop: cannot be read: ");
        assertThat(PseudoFile.list(sys.resolve("gone").toString())).isEmpty();
        assertThat(PseudoFile.list(file.toString())).isEmpty();
    }

    @Test
    void unreadableAttributeDiffersFromAMissingAttribute() throws IOException {
        Path file = Files.writeString(sys.resolve("file"), "1\n");

        assertThatThrownBy(() -> PseudoFile.readIfThere(sys.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(": cannot be read: ");
        assertThat(PseudoFile.readIfThere(sys.resolve("gone").toString())).isEmpty();
        assertThat(PseudoFile.readIfThere(file.resolve("gone").toString())).isEmpty();
        assertThat(PseudoFile.readIfThere(file.toString())).contains("1");
    }

    @Test
    void virtualFunctionIsAConsumerOfItsPhysicalFunction() throws IOException {
        String virtual = PORT + "/0000:01:00.1";
        fake.onBus(virtual, "pci", "nvme", Map.of()).virtualFunction(virtual, NVME);

        assertThat(read().links()).containsExactly(new DeviceLink(NVME, virtual, false, "physfn"));
        assertThat(read().consumersOf(read().find(NVME).orElseThrow())).hasSize(1);
    }

    @Test
    void partitionsAreNotDisks() throws IOException {
        DeviceTree tree = read();

        assertThat(new Storage(tree).disksOf(tree.find(PORT).orElseThrow()))
                .extracting(Device::name)
                .containsExactly("nvme0n1");
    }

    @Test
    void parentsPrecedeChildrenAndNumbersAreOrderedByValue() throws IOException {
        fake.onBus("/devices/pci0000:00/0000:00:10.0", "pci", "", Map.of())
                .onBus("/devices/pci0000:00/0000:00:9.0", "pci", "", Map.of());

        assertThat(read().devices())
                .filteredOn(Device::onBus)
                .extracting(Device::name)
                .containsExactly("0000:00:01.0", "0000:01:00.0", "0000:00:9.0", "0000:00:10.0");
    }

    @Test
    void vanishingDevicesAreOmitted() throws IOException {
        Files.createDirectories(sys.resolve("bus/usb/devices"));
        Files.createSymbolicLink(sys.resolve("bus/usb/devices/1-1"), Path.of("../../../devices/gone/1-1"));
        Files.createDirectories(sys.resolve("class/block"));
        Files.writeString(sys.resolve("class/block/not-a-device"), "");
        String link = "/devices/virtual/devlink/half";
        fake.inClass(link, "devlink", Map.of("status", "active"));

        assertThat(read().links()).isEmpty();
        assertThat(read().find(NVME)).isPresent();
    }

    @Test
    void otherDirectoryThanSysfsIsAnError() {
        assertThatThrownBy(() -> new SysfsTree(sys.resolve("nowhere"), DriveTypes.SUPPORTED.attributes()).read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nowhere: there is no device tree here");
    }

    @Test
    void runningMachineCanBeRead() throws IOException {
        DeviceTree tree = new SysfsTree(Path.of("/sys"), DriveTypes.SUPPORTED.attributes()).read();

        assertThat(tree.devices()).isNotEmpty();
        assertThat(tree.devices())
                .allSatisfy(
                        device -> assertThat(Path.of("/sys" + device.path())).isDirectory());
    }
}
