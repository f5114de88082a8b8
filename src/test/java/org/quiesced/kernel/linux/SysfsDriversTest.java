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
    void theDriverOfADeviceIsThatToWhichItsLinkLeads() throws IOException {
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
    void theDevicesNameAndNothingElseIsWritten() throws IOException {
        Files.createFile(driver.resolve("unbind"));
        new SysfsDrivers(sys).unbind(DRIVE);

        assertThat(driver.resolve("unbind")).hasContent("0000:01:00.0");
    }

    @Test
    void toWaitForSomebodyElsesUnbindingIsToAskForIt() throws IOException {
        Files.createFile(driver.resolve("unbind"));
        new SysfsDrivers(sys).awaitUnbound(DRIVE);

        assertThat(driver.resolve("unbind")).hasContent("0000:01:00.0");
    }

    @Test
    void aDriverThatIsGoneAltogetherIsNotWaitedFor() throws IOException {
        Files.delete(driver);

        assertThatCode(() -> new SysfsDrivers(sys).awaitUnbound(DRIVE)).doesNotThrowAnyException();
    }

    @Test
    void aRefusalNamesTheFileAndTheSystemsReason() throws IOException {
        Files.createSymbolicLink(driver.resolve("unbind"), Path.of("/dev/full"));

        assertThatThrownBy(() -> new SysfsDrivers(sys).unbind(DRIVE))
                .hasMessage(driver.resolve("unbind") + ": No space left on device");
    }

    @Test
    void aDriverThatIsNotThereCannotBeAsked() {
        assertThatThrownBy(() -> new SysfsDrivers(sys).unbind(DRIVE))
                .hasMessage(driver.resolve("unbind") + ": No such file or directory");
    }
}
