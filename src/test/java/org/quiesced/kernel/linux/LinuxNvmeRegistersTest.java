// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.device.Device;
import org.quiesced.kernel.NvmeRegisters;
import org.quiesced.kernel.NvmeRegisters.Access;
import org.quiesced.kernel.NvmeRegisters.Claim;
import org.quiesced.linux.NativeFile;

/** Registers of controllers, in ordinary files, with {@code /dev/null} in place of VFIO devices. */
class LinuxNvmeRegistersTest {
    private static final String PATH = "/devices/pci0000:00/0000:01:00.0";
    private static final int CC = 0x14;

    @TempDir
    private Path directory;

    private Path device;
    private NvmeRegisters registers;

    @BeforeEach
    void machine() throws IOException {
        device = Files.createDirectories(directory.resolve("sys" + PATH));
        attribute("class", "0x010802");
        attribute("enable", "0");
        attribute("power_state", "D0");
        Files.write(device.resolve("resource0"), new byte[16384]);
        config(0x07);
        Files.createDirectories(directory.resolve("dev/vfio"));
        registers = of(NativeFile::openStandIn);
    }

    private NvmeRegisters of(DeviceNode.Opener opener) {
        return new LinuxNvmeRegisters(
                directory.resolve("sys"), directory.resolve("proc"), directory.resolve("dev"), opener, true);
    }

    private void attribute(String name, String value) throws IOException {
        Files.writeString(device.resolve(name), value);
    }

    private String attribute(String name) throws IOException {
        return Files.readString(device.resolve(name));
    }

    /** Sets the command register in the configuration space. */
    private void config(int command) throws IOException {
        byte[] header = new byte[64];
        header[0] = (byte) 0x86;
        header[1] = (byte) 0x80;
        header[4] = (byte) command;
        Files.write(device.resolve("config"), header);
    }

    private Device drive(String driver) {
        return new Device(PATH, "pci", true, Optional.of(driver).filter(name -> !name.isEmpty()), Map.of());
    }

    private int stored(int offset) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(device.resolve("resource0")))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt(offset);
    }

    @Test
    void registersAreReadAndWrittenByTheResourceFile() throws IOException {
        try (Claim claim = registers.claim(drive("uio_pci_generic"))) {
            Access access = claim.open();
            access.write(CC, 0x00464001);

            assertThat(access.read(CC)).isEqualTo(0x00464001);
            assertThat(access.read(CC + 4)).isZero();
            assertThat(stored(CC)).isEqualTo(0x00464001);
        }
    }

    @Test
    void deviceWithoutADriverIsEnabledWhileItsRegistersAreHeld() throws IOException {
        try (Claim claim = registers.claim(drive(""))) {
            assertThat(attribute("enable")).isEqualTo("0");
            claim.open();
            assertThat(attribute("enable")).isEqualTo("1");
        }
        assertThat(attribute("enable")).isEqualTo("0");
    }

    @Test
    void deviceThatWasEnabledStaysEnabled() throws IOException {
        attribute("enable", "1");
        try (Claim claim = registers.claim(drive(""))) {
            claim.open();
        }

        assertThat(attribute("enable")).isEqualTo("1");
    }

    @Test
    void keptRegistersStayEnabledUntilTheyAreGivenBack() throws IOException {
        try (Claim claim = registers.claim(drive(""))) {
            claim.open();
            claim.keep();
        }
        assertThat(attribute("enable")).isEqualTo("1");
        assertThat(registers.isKeeping()).isTrue();

        registers.giveBack(drive(""));
        assertThat(attribute("enable")).isEqualTo("0");
        assertThat(registers.isKeeping()).isFalse();
    }

    @Test
    void disabledMemorySpaceIsNotAccessed() throws IOException {
        config(0x04);
        try (Claim claim = registers.claim(drive("uio_pci_generic"))) {
            assertThatThrownBy(claim::open).hasMessageContaining("does not answer to memory accesses");
        }
    }

    @Test
    void sleepingDeviceIsNotAccessed() throws IOException {
        attribute("power_state", "D3hot");
        try (Claim claim = registers.claim(drive("uio_pci_generic"))) {
            assertThatThrownBy(claim::open).hasMessageContaining("power state D3hot");
        }
    }

    @Test
    void vanishedDeviceIsNotAccessed() throws IOException {
        byte[] nobody = new byte[64];
        Arrays.fill(nobody, (byte) 0xFF);
        Files.write(device.resolve("config"), nobody);
        try (Claim claim = registers.claim(drive("uio_pci_generic"))) {
            assertThatThrownBy(claim::open).hasMessageContaining("does not answer to memory accesses");
        }
    }

    @Test
    void deviceOfAnotherClassIsRefused() throws IOException {
        attribute("class", "0x020000");

        assertThatThrownBy(() -> registers.claim(drive("vfio-pci"))).hasMessageContaining("is no NVMe controller");
    }

    @Test
    void onlyTheClaimOnAVfioGroupIsExclusive() throws IOException {
        Files.createSymbolicLink(device.resolve("iommu_group"), Path.of("../../../kernel/iommu_groups/12"));
        node("vfio");
        node("12");
        try (Claim vfio = registers.claim(drive("vfio-pci"));
                Claim file = registers.claim(drive("uio_pci_generic"))) {
            assertThat(vfio.isExclusive()).isTrue();
            assertThat(file.isExclusive()).isFalse();
        }
    }

    @Test
    void registersOfAVfioGroupAreAccessedByItsDevice() throws IOException {
        Files.createSymbolicLink(device.resolve("iommu_group"), Path.of("../../../kernel/iommu_groups/12"));
        node("vfio");
        node("12");
        try (Claim claim = registers.claim(drive("vfio-pci"))) {
            Access access = claim.open();
            access.write(CC, 1);

            assertThat(access.read(CC)).as("nothing is behind a stand-in").isZero();
            assertThat(access.awaitChange(CC, 0xC, 0x4, Duration.ofHours(1))).isEqualTo(0x8);
        }
    }

    @Test
    void vfioGroupIsOpenedOnceForTwoDevices() throws IOException {
        Files.createSymbolicLink(device.resolve("iommu_group"), Path.of("../../../kernel/iommu_groups/12"));
        node("vfio");
        node("12");
        int[] opened = {0};
        NvmeRegisters counting = of(path -> {
            opened[0]++;
            return NativeFile.openStandIn(path);
        });
        try (Claim one = counting.claim(drive("vfio-pci"));
                Claim other = counting.claim(drive("vfio-pci"))) {
            assertThat(one.isExclusive() && other.isExclusive()).isTrue();
            assertThat(opened[0]).as("the group and its container").isEqualTo(2);
        }
        counting.claim(drive("vfio-pci")).close();
        assertThat(opened[0]).as("the last claim closed the group").isEqualTo(4);
    }

    @Test
    void vfioDeviceWithoutAnIommuGroupIsRefused() {
        assertThatThrownBy(() -> registers.claim(drive("vfio-pci"))).hasMessageContaining("is in no IOMMU group");
    }

    private void node(String name) throws IOException {
        Files.createSymbolicLink(directory.resolve("dev/vfio/" + name), Path.of("/dev/null"));
    }
}
