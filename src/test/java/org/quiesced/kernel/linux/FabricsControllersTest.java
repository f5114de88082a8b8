// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.device.Device;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.OtherDriverException;
import org.quiesced.method.DriveTypes;

/** Controllers over a fabric in sysfs: driver, owner and deletion. */
class FabricsControllersTest {
    private static final String PATH = "/devices/virtual/nvme-fabrics/ctl/nvme3";
    private static final Device CONTROLLER = new Device(PATH, "nvme", false, Optional.of("nvme-tcp"), Map.of());

    @TempDir
    private Path directory;

    private Path sys;
    private Path place;
    private Drivers drivers;

    @BeforeEach
    void aController() throws IOException {
        sys = directory.resolve("sys");
        place = Files.createDirectories(Path.of(sys + PATH));
        Files.writeString(place.resolve("transport"), "tcp\n");
        Files.writeString(place.resolve("state"), "live\n");
        Files.writeString(place.resolve("delete_controller"), "");
        Files.createDirectories(sys.resolve("bus"));
        Files.createSymbolicLink(
                Files.createDirectories(sys.resolve("class/nvme")).resolve("nvme3"),
                Path.of("../../devices/virtual/nvme-fabrics/ctl/nvme3"));
        drivers = new LinuxDrivers(sys);
    }

    private Device read() throws IOException {
        return new SysfsTree(sys, DriveTypes.SUPPORTED.attributes())
                .read()
                .find(PATH)
                .orElseThrow();
    }

    @Test
    void driverOfAFabricsControllerIsItsTransport() throws IOException {
        assertThat(read().driver()).contains("nvme-tcp");
        assertThat(DriveTypes.SUPPORTED.of(read())).isPresent();
        assertThat(drivers.isBound(CONTROLLER)).isTrue();
    }

    @Test
    void controllerWithAnUnknownTransportIsNotSupported() throws IOException {
        Files.writeString(place.resolve("transport"), "carrier-pigeon\n");

        assertThat(read().driver()).contains("nvme-carrier-pigeon");
        assertThat(DriveTypes.SUPPORTED.of(read())).isEmpty();
        assertThat(drivers.isBound(CONTROLLER)).isFalse();
    }

    @Test
    void classDeviceOfAPciControllerHasNoDriver() throws IOException {
        Path other = Files.createDirectories(sys.resolve("devices/pci0000:00/0000:01:00.0/nvme/nvme0"));
        Files.writeString(other.resolve("transport"), "pcie\n");
        Files.createSymbolicLink(
                sys.resolve("class/nvme/nvme0"), Path.of("../../devices/pci0000:00/0000:01:00.0/nvme/nvme0"));

        Device device = new SysfsTree(sys, DriveTypes.SUPPORTED.attributes())
                .read()
                .find("/devices/pci0000:00/0000:01:00.0/nvme/nvme0")
                .orElseThrow();
        assertThat(device.driver()).isEmpty();
    }

    @Test
    void controllerIsDeletedByItsAttribute() throws IOException {
        drivers.unbind(CONTROLLER);

        assertThat(place.resolve("delete_controller")).hasContent("1");
    }

    @Test
    void deletionOfAVanishedControllerSucceeds() throws IOException {
        for (String file : new String[] {"transport", "state", "delete_controller", ""}) {
            Files.delete(place.resolve(file));
        }

        assertThat(drivers.present(CONTROLLER)).isEmpty();
        assertThatCode(() -> drivers.unbind(CONTROLLER)).doesNotThrowAnyException();
        assertThatCode(() -> drivers.awaitUnbound(CONTROLLER)).doesNotThrowAnyException();
    }

    @Test
    void deletionOfAControllerBeingDeletedFails() throws IOException {
        Files.delete(place.resolve("delete_controller"));

        assertThatThrownBy(() -> drivers.unbind(CONTROLLER))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(OtherDriverException.class);
    }

    @Test
    void bindOfAFabricsControllerFails() {
        assertThatThrownBy(() -> drivers.bind(CONTROLLER)).hasMessageContaining("nvme3");
    }

    private Path entry() throws IOException {
        return Files.createDirectories(directory.resolve("run/nvme/registry/nvme3"));
    }

    @Test
    void ownerIsReadFromTheRegistry() throws IOException {
        Files.writeString(entry().resolve("owner"), "stas\n");

        assertThat(new SysfsAttributes(sys).read(CONTROLLER, Attributes.OWNER)).contains("stas");
        assertThat(read().attribute(Attributes.OWNER)).contains("stas");
    }

    @Test
    void controllerWithoutARegistryEntryHasNoOwner() throws IOException {
        assertThat(new SysfsAttributes(sys).read(CONTROLLER, Attributes.OWNER)).isEmpty();
        entry();
        assertThat(read().attribute(Attributes.OWNER)).isEmpty();
    }

    @Test
    void unreadableRegistryEntryCountsAsAnOwner() throws IOException {
        Files.createDirectory(entry().resolve("owner"));

        assertThat(read().attribute(Attributes.OWNER)).isPresent();
    }

    /** {@code bin/enter} creates this file when the registry is not accessible to the daemon. */
    @Test
    void fileInPlaceOfTheRegistryCountsAsAnOwnerOfEachController() throws IOException {
        Files.writeString(Files.createDirectories(directory.resolve("run/nvme")).resolve("registry"), "");

        assertThat(new SysfsAttributes(sys).read(CONTROLLER, Attributes.OWNER)).isPresent();
        assertThat(read().attribute(Attributes.OWNER)).isPresent();
    }
}
