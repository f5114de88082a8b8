// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.config.Configs;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.OtherDriverException;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/** Notification of NVMe controllers without the kernel's driver, and the controllers left alone. */
class NvmeRegistersMethodTest {
    private static final String VFIO = "vfio-pci";
    private static final String UIO = "uio_pci_generic";
    private static final String NONE = "";
    private static final String ADDRESS = "0000:01:00.0";
    private static final Settings ASKED = Configs.settings(Settings.Method.NVME_REGISTERS);

    private final MethodRun run = new MethodRun();
    private String drive;

    private void drive(String driver, Duration latency) {
        drive = run.builder.nvmeWithoutDriver("/devices/pci", ADDRESS, driver, latency);
    }

    private void drive(String driver) {
        drive(driver, Duration.ofSeconds(3));
    }

    private Ending reboot() throws IOException {
        return run.shutdown(drive, ASKED, Verb.REBOOT);
    }

    private boolean isKept() {
        return run.kernel.nvmeRegisters().isKeeping();
    }

    private void assertLeftAlone() {
        assertThat(run.done()).isEmpty();
        assertThat(isKept()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {VFIO, UIO, NONE})
    void driveIsNotifiedAndKeepsItsDriver(String driver) throws IOException {
        drive(driver);

        assertThat(reboot()).isEqualTo(new Ending.Down());
        assertThat(run.done()).containsExactly("NOTIFY " + ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {VFIO, UIO, NONE})
    void registersAreHeldUntilTheEndOrACancelledShutdown(String driver) throws IOException {
        drive(driver);
        reboot();
        assertThat(isKept()).isTrue();

        run.method(drive, ASKED).restore(run.target(drive, ASKED), run.kernel);
        assertThat(isKept()).isFalse();
    }

    @Test
    void notificationDoesNotEndWithTheDriver() {
        drive(VFIO);

        assertThat(run.method(drive, ASKED).endsWithDriver(run.target(drive, ASKED), Verb.REBOOT))
                .isFalse();
    }

    @Test
    void driveOfAnOpenVfioGroupIsLeftAlone() {
        drive(VFIO);
        run.builder.use(drive, new DiskUser("held", DiskUser.Release.NEVER));

        assertThatThrownBy(this::reboot)
                .isInstanceOf(DeviceInUseException.class)
                .hasMessageContaining("its VFIO group 7 is open");
        assertLeftAlone();
    }

    @ParameterizedTest
    @ValueSource(strings = {UIO, NONE})
    void driveWithOpenRegistersIsLeftAlone(String driver) {
        drive(driver);
        run.builder.use(drive, new DiskUser("held", DiskUser.Release.NEVER));

        assertThatThrownBy(this::reboot)
                .isInstanceOf(DeviceInUseException.class)
                .hasMessageContaining("open by");
        assertLeftAlone();
    }

    @Test
    void driveWithAnOpenUioNodeIsLeftAlone() {
        drive(UIO);
        run.builder.classDevice(drive + "/uio/uio0", "uio", Map.of("dev", "240:0"));
        run.builder.open(drive + "/uio/uio0", "open by spdk_tgt");

        assertThatThrownBy(this::reboot).isInstanceOf(DeviceInUseException.class);
        assertLeftAlone();
    }

    /** In the early phase a process could still map the registers. */
    @ParameterizedTest
    @ValueSource(strings = {UIO, NONE})
    void driveWithoutAnExclusiveClaimWaitsForTheLatePhase(String driver) {
        drive(driver);
        run.phase = Phase.EARLY;

        assertThatThrownBy(this::reboot).isInstanceOf(NotReleasedException.class);
        assertLeftAlone();
    }

    @Test
    void driveOfAFreeVfioGroupMayGoEarly() throws IOException {
        drive(VFIO);
        run.phase = Phase.EARLY;

        assertThat(reboot()).isEqualTo(new Ending.Down());
    }

    @ParameterizedTest
    @ValueSource(strings = {VFIO, UIO})
    void driveWithAnotherDriverIsLeftAlone(String driver) {
        drive(driver);
        run.builder.fault(drive, Fault.OTHER_DRIVER);

        assertThatThrownBy(this::reboot).isInstanceOf(OtherDriverException.class);
        assertLeftAlone();
    }

    @Test
    void driveBoundSinceThePlanIsLeftAlone() {
        drive(NONE);
        run.builder.fault(drive, Fault.OTHER_DRIVER);

        assertThatThrownBy(this::reboot).isInstanceOf(OtherDriverException.class);
        assertLeftAlone();
    }

    @Test
    void removedDriveIsDown() throws IOException {
        drive(VFIO);
        run.builder.fault(drive, Fault.VANISHES);

        assertThat(reboot()).isEqualTo(new Ending.Down());
        assertLeftAlone();
    }

    @Test
    void unresponsiveDriveIsNotWrittenTo() {
        drive(NONE);
        run.builder.fault(drive, Fault.FLUSH_FAILS);

        assertThatThrownBy(this::reboot).hasMessageContaining("all ones");
        assertLeftAlone();
    }

    @Test
    void driveWithAFatalStatusIsNotWrittenTo() {
        drive(VFIO);
        run.builder.fault(drive, Fault.IDENTIFY_FAILS);

        assertThatThrownBy(this::reboot).hasMessageContaining("CSTS.CFS");
        assertLeftAlone();
    }

    @Test
    void driveThatCannotBeOpenedIsLeftAlone() {
        drive(VFIO);
        run.builder.fault(drive, Fault.UNBIND_FAILS);

        assertThatThrownBy(this::reboot).hasMessageContaining("Operation not permitted");
        assertLeftAlone();
    }

    @Test
    void driveThatWasGivenUpIsNotOpened() {
        drive(VFIO);
        run.acts = 0;

        assertThatThrownBy(this::reboot).isInstanceOf(GivenUpException.class);
        assertLeftAlone();
    }

    @Test
    void shutdownThatHasBegunMayTakeAMinute() throws IOException {
        drive(VFIO, Duration.ofSeconds(60));

        assertThat(reboot()).isEqualTo(new Ending.Down());
    }

    @Test
    void driveThatTakesLongerThanAMinuteIsUnansweredAndHeld() throws IOException {
        drive(VFIO, Duration.ofSeconds(61));

        assertThat(reboot()).isEqualTo(new Ending.Unanswered(Duration.ofSeconds(60)));
        assertThat(isKept()).isTrue();
    }

    @Test
    void shutdownThatDoesNotBeginIsGivenUpAtTheLimitOfTheDriver() throws IOException {
        drive(UIO);
        run.builder.fault(drive, Fault.UNCONFIRMED).parameter("nvme_core", "shutdown_timeout", "9");

        assertThat(reboot()).isEqualTo(new Ending.Unanswered(Duration.ofSeconds(9)));
        assertThat(isKept()).isTrue();
    }

    /** Records the parameters that are read. The only other query allowed is that of the present driver. */
    private record NotingDrivers(Drivers drivers, List<String> read) implements Drivers {
        @Override
        public Optional<String> present(Device device) {
            return drivers.present(device);
        }

        @Override
        public void unbind(Device device) {
            throw new AssertionError(device);
        }

        @Override
        public void awaitUnbound(Device device) {
            throw new AssertionError(device);
        }

        @Override
        public void bind(Device device) {
            throw new AssertionError(device);
        }

        @Override
        public List<String> boundDependents(Device device, DeviceTree below) {
            throw new AssertionError(device);
        }

        @Override
        public Optional<String> parameter(String module, String name) {
            read.add(module + "." + name);
            return drivers.parameter(module, name);
        }
    }

    @Test
    void onlyTheShutdownTimeoutOfTheDriverIsRead() throws IOException {
        drive(VFIO);
        List<String> read = new ArrayList<>();
        run.altered = kernel -> Altered.with(new NotingDrivers(kernel.drivers(), read), kernel);
        reboot();

        assertThat(read).containsExactly("nvme_core.shutdown_timeout");
    }

    @Test
    void otherDeviceOfTheDriverHasNoMethod() {
        String card = run.builder.device("/devices/pci", "0000:02:00.0", "pci", VFIO);
        run.builder.attribute(card, "class", "0x020000");
        Device device = run.prepare().readTree().find(card).orElseThrow();

        assertThat(DriveTypes.SUPPORTED.methodFor(device, ASKED)).isEmpty();
    }

    @Test
    void driveWithTheKernelDriverKeepsItsOwnMethod() {
        String path = run.builder.nvme("/devices/pci", "0000:02:00.0", Duration.ZERO);

        assertThat(run.method(path, ASKED).name()).isEqualTo("nvme");
    }
}
