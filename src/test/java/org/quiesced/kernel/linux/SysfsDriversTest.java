// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.TreeAttributes;

class SysfsDriversTest {
    private static final Device DRIVE = new Device("/devices/0000:01:00.0", "pci", true, Optional.of("nvme"), Map.of());

    @TempDir
    private Path sys;

    private Path driver;

    @BeforeEach
    void driver() throws IOException {
        driver = Files.createDirectories(sys.resolve("bus/pci/drivers/nvme"));
    }

    @Test
    void driverIsReadFromTheLinkOfTheDevice() throws IOException {
        SysfsDrivers drivers = new SysfsDrivers(sys);
        Path link = Files.createDirectories(Path.of(sys + DRIVE.path())).resolve("driver");
        assertThat(drivers.present(DRIVE)).isEmpty();
        assertThat(drivers.isBound(DRIVE)).isFalse();

        Files.createSymbolicLink(link, Path.of("../../bus/pci/drivers/nvme"));
        assertThat(drivers.present(DRIVE)).contains("nvme");
        assertThat(drivers.isBound(DRIVE)).isTrue();

        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("../../bus/pci/drivers/vfio-pci"));
        assertThat(drivers.present(DRIVE)).contains("vfio-pci");
        assertThat(drivers.isBound(DRIVE)).isFalse();
    }

    @Test
    void unbindWritesTheNameOfTheDevice() throws IOException {
        Files.createFile(driver.resolve("unbind"));
        new SysfsDrivers(sys).unbind(DRIVE);

        assertThat(driver.resolve("unbind")).hasContent("0000:01:00.0");
    }

    /** Returns the attribute of a drive whose driver can be unbound and bound. */
    private Path powerControl(String value) throws IOException {
        Files.createFile(driver.resolve("unbind"));
        Files.createFile(driver.resolve("bind"));
        Path power = Files.createDirectories(Path.of(sys + DRIVE.path() + "/power"));
        return Files.writeString(power.resolve("control"), value + "\n");
    }

    @Test
    void pciDeviceIsNotSuspendedWhileItHasNoDriver() throws IOException {
        Path control = powerControl("auto");
        SysfsDrivers drivers = new SysfsDrivers(sys);

        drivers.unbind(DRIVE);
        assertThat(control).content().startsWith("on");

        drivers.bind(DRIVE);
        assertThat(control).content().startsWith("auto");
    }

    @Test
    void settingOfAPciDeviceThatIsNeverSuspendedIsKept() throws IOException {
        Path control = powerControl("on");
        SysfsDrivers drivers = new SysfsDrivers(sys);

        drivers.unbind(DRIVE);
        drivers.bind(DRIVE);

        assertThat(control).hasContent("on");
    }

    @Test
    void waitForAForeignUnbindWritesToUnbind() throws IOException {
        Files.createFile(driver.resolve("unbind"));
        new SysfsDrivers(sys).awaitUnbound(DRIVE);

        assertThat(driver.resolve("unbind")).hasContent("0000:01:00.0");
    }

    @Test
    void vanishedDriverIsNotAwaited() throws IOException {
        Files.delete(driver);

        assertThatCode(() -> new SysfsDrivers(sys).awaitUnbound(DRIVE)).doesNotThrowAnyException();
    }

    @Test
    void failedUnbindNamesFileAndReason() throws IOException {
        Files.createSymbolicLink(driver.resolve("unbind"), Path.of("/dev/full"));

        assertThatThrownBy(() -> new SysfsDrivers(sys).unbind(DRIVE))
                .hasMessage(driver.resolve("unbind") + ": No space left on device");
    }

    private static final String SUPPLIER = "/devices/platform/supplier";
    private static final Device SUPPLYING = new Device(SUPPLIER, "platform", true, Optional.of("some"), Map.of());

    /**
     * Adds a consumer of the supplier, and the symbolic link to their device link that the kernel creates in the
     * supplier.
     */
    private void consumer(String name, String driverName, String syncStateOnly) throws IOException {
        String path = "/devices/" + name;
        new FakeSysfs(sys).onBus(path, "pci", driverName, Map.of()).link(SUPPLIER, path, syncStateOnly, "active");
        Path supplier = Files.createDirectories(Path.of(sys + SUPPLIER));
        Files.createSymbolicLink(
                supplier.resolve("consumer:pci:" + name), Path.of("../../virtual/devlink/x:supplier--x:" + name));
    }

    private List<String> dependents(DeviceTree below) throws IOException {
        return new SysfsDrivers(sys).boundDependents(SUPPLYING, below);
    }

    private static DeviceTree alone() {
        return DeviceTree.of(List.of(SUPPLYING), List.of());
    }

    @Test
    void boundConsumersAreDependents() throws IOException {
        assertThat(dependents(alone())).as("a device that is gone").isEmpty();
        consumer("0000:02:00.0", "nvme", "0");
        consumer("0000:03:00.0", "", "0");
        consumer("0000:04:00.0", "nvme", "1");

        assertThat(dependents(alone())).containsExactly("0000:02:00.0");
    }

    /** The kernel creates a device for each device link. */
    @Test
    void consumersAreReadOnlyWhenDevlinksExist() throws IOException {
        String consumer = "/devices/0000:02:00.0";
        new FakeSysfs(sys).onBus(consumer, "pci", "nvme", Map.of());
        Path link = Files.createDirectories(Path.of(sys + SUPPLIER + "/consumer:pci:0000:02:00.0"));
        Files.createSymbolicLink(link.resolve("consumer"), Path.of(sys + consumer));
        assertThat(dependents(alone())).isEmpty();

        Files.createDirectories(Path.of(sys + "/devices/virtual/devlink"));
        assertThat(dependents(alone())).containsExactly("0000:02:00.0");
    }

    @Test
    void consumerWithoutADeviceIsNoDependent() throws IOException {
        consumer("0000:02:00.0", "nvme", "0");
        Path link = Path.of(sys + "/devices/virtual/devlink/x:supplier--x:0000:02:00.0/consumer");
        Files.delete(link);
        assertThat(dependents(alone())).as("without a link to it").isEmpty();

        Files.createSymbolicLink(link, Path.of("../../../0000:99:00.0"));
        assertThat(dependents(alone())).as("with a link that leads nowhere").isEmpty();
        assertThat(new SysfsTree(sys, TreeAttributes.NONE).read().links()).isEmpty();
    }

    @Test
    void boundDescendantsAreDependents() throws IOException {
        FakeSysfs fake = new FakeSysfs(sys)
                .onBus(SUPPLIER, "platform", "some", Map.of())
                .onBus(SUPPLIER + "/host0/0:0:0:0", "scsi", "sd", Map.of())
                .onBus(SUPPLIER + "/host0/0:0:1:0", "scsi", "", Map.of());
        fake.inClass(SUPPLIER + "/host0/0:0:0:0/block/sda", "block", Map.of());
        DeviceTree below = new SysfsTree(sys, TreeAttributes.NONE).readBelow(SUPPLYING);

        assertThat(below.devices()).hasSize(4);
        assertThat(dependents(below)).containsExactly("0:0:0:0");
        Files.delete(Path.of(sys + SUPPLIER + "/host0/0:0:0:0/driver"));
        assertThat(dependents(below)).isEmpty();
    }

    @Test
    void unbindFailsWithoutADriver() {
        assertThatThrownBy(() -> new SysfsDrivers(sys).unbind(DRIVE))
                .hasMessage(driver.resolve("unbind") + ": No such file or directory");
    }
}
