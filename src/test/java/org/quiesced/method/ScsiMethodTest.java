// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.config.Configs;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.SameDrivers;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.shutdown.Verb;

/** Steps of the method for SCSI disks, and the steps omitted after a failure. */
class ScsiMethodTest extends ScsiDiskTest {
    @Test
    void diskIsSynchronisedUnboundAndStoppedAtPowerOff() throws IOException {
        assertThat(run.shutdown(disk, Verb.POWEROFF)).isEqualTo(new Ending.Down());

        assertThat(run.done()).containsExactly("FLUSH sda", "UNBIND 0:0:0:0", "STOP 0:0:0:0");
    }

    @Test
    void theStopIsReportedWhenTheDriverIsGone() throws IOException {
        run.shutdown(disk, Verb.POWEROFF);

        assertThat(run.beforeStop).containsExactly("FLUSH sda", "UNBIND 0:0:0:0");
    }

    @Test
    void diskIsNotStoppedAtReboot() throws IOException {
        run.shutdown(disk, Verb.REBOOT);

        assertThat(run.done()).containsExactly("FLUSH sda", "UNBIND 0:0:0:0");
        assertThat(run.attribute(disk + CLASS, "manage_start_stop"))
                .as("attribute by which the driver would stop the disk")
                .isEqualTo("0");
    }

    @Test
    void diskIsNotStoppedAtKexec() throws IOException {
        run.shutdown(disk, Configs.settings(Settings.Stop.ALWAYS), Verb.KEXEC);

        assertThat(run.done()).containsExactly("FLUSH sda", "UNBIND 0:0:0:0");
    }

    @Test
    void failedSynchronizationKeepsTheDriver() {
        run.builder.fault(disk, Fault.FLUSH_FAILS);

        assertThatThrownBy(() -> run.shutdown(disk, Verb.POWEROFF)).hasMessageContaining("SYNCHRONIZE CACHE failed");
        assertThat(run.done()).isEmpty();
        assertThat(run.attribute(disk + CLASS, "manage_start_stop")).isEqualTo("1");
    }

    @Test
    void diskWithoutAWriteCacheIsNotSynchronised() throws IOException {
        String other = scsiDisk(Map.of("cache_type", "write through"));
        run.shutdown(other, Verb.POWEROFF);

        assertThat(run.done()).containsExactly("UNBIND 0:0:1:0");
    }

    @Test
    void diskWithoutAMediumIsNotSynchronised() throws IOException {
        String other = run.builder.device("/devices/host0", "0:0:1:0", "scsi", "sd");
        run.builder
                .classDevice(other + "/scsi_disk/0:0:1:0", "scsi_disk", Map.of("cache_type", "write back"))
                .classDevice(other + "/block/sdb", "block", Map.of("size", "0"));

        assertThat(run.shutdown(other, Verb.POWEROFF)).isEqualTo(new Ending.Down());
        assertThat(run.done()).containsExactly("UNBIND 0:0:1:0");
    }

    @Test
    void failedStopLeavesTheDiskDownButNotStopped() throws IOException {
        run.builder.fault(disk, Fault.STOP_FAILS);

        assertThat(run.shutdown(disk, Verb.POWEROFF))
                .isEqualTo(new Ending.NotStopped("0:0:0:0: START STOP UNIT failed: hardware error"));
        assertThat(run.done()).containsExactly("FLUSH sda", "UNBIND 0:0:0:0");
    }

    @Test
    void cancelledShutdownPreventsTheStopAfterTheUnbind() throws IOException {
        run.isWanted = false;

        assertThat(run.shutdown(disk, Verb.POWEROFF)).isEqualTo(new Ending.NotStopped("given up before its turn"));
        assertThat(run.done()).containsExactly("FLUSH sda", "UNBIND 0:0:0:0");
    }

    /** Returns drivers with which the process ends after an unbind, so that no later step is executed. */
    private static Drivers fatal(SimulatedKernel kernel) {
        return new SameDrivers(kernel.drivers()) {
            @Override
            public void unbind(Device device) throws IOException {
                super.unbind(device);
                kernel.processEnds();
            }
        };
    }

    private Map<Device, Set<Verb>> leftAfterACrash() {
        run.kernel.processEnds();
        return run.kernel.dueStops().left();
    }

    @Test
    void changeToARestartPreventsTheStop() throws IOException {
        String other = scsiDisk(SATA);
        run.present = Verb.REBOOT;

        assertThat(run.shutdown(other, Verb.POWEROFF)).isEqualTo(new Ending.Down());

        assertThat(run.done()).containsExactly("FLUSH sdb", "UNBIND 0:0:1:0");
    }

    @Test
    void changeToAPowerOffLeavesTheStopToItsLastStep() throws IOException {
        String other = scsiDisk(SATA);
        run.present = Verb.POWEROFF;

        assertThat(run.shutdown(other, Verb.REBOOT)).isEqualTo(new Ending.Down());

        assertThat(run.done()).containsExactly("FLUSH sdb", "UNBIND 0:0:1:0");
    }

    @Test
    void dueStopIsNotedBeforeTheUnbind() throws IOException {
        run.isWanted = false;
        run.altered = kernel -> Altered.with(fatal(run.kernel), kernel);
        run.shutdown(disk, Verb.POWEROFF);

        assertThat(run.kernel.dueStops().left())
                .containsOnly(
                        Map.entry(run.kernel.readTree().find(disk).orElseThrow(), Set.of(Verb.POWEROFF, Verb.HALT)));
    }

    @Test
    void noteOfAStoppedDiskIsCleared() throws IOException {
        run.shutdown(disk, Verb.POWEROFF);

        assertThat(leftAfterACrash()).isEmpty();
    }

    @Test
    void diskDownForARestartIsNotedForAPowerOff() throws IOException {
        run.shutdown(disk, Verb.REBOOT);

        assertThat(leftAfterACrash().values()).containsExactly(Set.of(Verb.POWEROFF, Verb.HALT));
    }

    @Test
    void diskWithStopNeverIsNotNoted() throws IOException {
        run.shutdown(disk, Configs.settings(Settings.Stop.NEVER), Verb.REBOOT);

        assertThat(leftAfterACrash()).isEmpty();
    }

    @Test
    void diskWithItsDriverIsNotNoted() throws IOException {
        run.shutdown(disk, Verb.REBOOT);
        run.method(disk, Settings.NONE).restore(run.found, run.kernel);
        assertThat(leftAfterACrash()).isEmpty();

        MethodRun failing = new MethodRun();
        String kept = failing.builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(6));
        failing.builder.fault(kept, Fault.UNBIND_FAILS);
        assertThatThrownBy(() -> failing.shutdown(kept, Verb.POWEROFF)).isInstanceOf(IOException.class);
        failing.kernel.processEnds();
        assertThat(failing.kernel.dueStops().left()).isEmpty();
    }

    @Test
    void diskIsNotSynchronisedAfterTheDeadline() {
        run.deadline = Duration.ZERO;

        assertThatThrownBy(() -> run.shutdown(disk, Verb.POWEROFF)).isInstanceOf(GivenUpException.class);
        assertThat(run.done()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"offline", "transport-offline", "blocked", "quiesce", "cancel", "deleted", "created"})
    void diskThatIsNotRunningGetsNoCommand(String state) {
        run.builder
                .attribute(disk, "state", state)
                .attribute(disk, "power/runtime_status", "active")
                // An attempt to open the disk would fail with another error.
                .inUse(disk, "nobody who was asked");

        assertThatThrownBy(() -> run.shutdown(disk, Verb.POWEROFF))
                .isInstanceOf(UnreadyException.class)
                .hasMessage("0:0:0:0 is " + state + ", not running");
        assertThat(run.done()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"suspended", "suspending"})
    void suspendedDiskIsNotWoken(String status) {
        run.builder
                .attribute(disk, "state", "running")
                .attribute(disk, "power/runtime_status", status)
                .inUse(disk, "nobody who was asked");

        assertThatThrownBy(() -> run.shutdown(disk, Verb.POWEROFF))
                .isInstanceOf(UnreadyException.class)
                .hasMessage("0:0:0:0 is suspended, so there is nothing to do");
        assertThat(run.done()).isEmpty();
    }

    @Test
    void currentStateCountsAndNotThatOfThePlan() throws IOException {
        run.builder.attribute(disk, "state", "offline");
        run.prepare().attributes().write(run.kernel.readTree().find(disk).orElseThrow(), "state", "running");

        assertThat(run.shutdown(disk, Verb.REBOOT)).isEqualTo(new Ending.Down());
    }

    @Test
    void allowedTimeFollowsTheTimeoutOfTheDisk() throws IOException {
        run.builder.attribute(disk, "timeout", "90");
        run.shutdown(disk, Verb.REBOOT);

        assertThat(run.allowed).containsExactly(Duration.ofSeconds(2 * 90 + 75));
    }
}
