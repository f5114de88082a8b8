// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.quiesced.config.Configs;
import org.quiesced.config.Settings;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.shutdown.Verb;

/** Steps and times that each method announces in advance. */
class ForecastStepsTest {
    private static final Settings UNBIND = Configs.settings(Settings.Method.UNBIND);

    private final MethodRun run = new MethodRun();
    private final String disk = run.builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(6));
    private final String drive = run.builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(3));

    private final String other = run.builder.device("/devices", "x.0", "platform", "x");

    private List<String> steps(String path, Settings settings, Verb verb) {
        return run.method(path, settings).steps(run.target(path, settings), verb).stream()
                .map(Step::describe)
                .toList();
    }

    private boolean endsWithDriver(String path, Settings settings, Verb verb) {
        return run.method(path, settings).endsWithDriver(run.target(path, settings), verb);
    }

    @Test
    void diskIsSynchronisedUnboundAndStoppedAtPowerOff() {
        assertThat(steps(disk, Settings.NONE, Verb.POWEROFF))
                .containsExactly("synchronize the cache of sda", "unbind sd", "stop sda");
    }

    @Test
    void diskIsNotStoppedAtReboot() {
        assertThat(steps(disk, Settings.NONE, Verb.REBOOT))
                .containsExactly("synchronize the cache of sda", "unbind sd");
    }

    @Test
    void diskWithoutFlushAndStopIsOnlyUnbound() {
        assertThat(steps(disk, Configs.settings(Settings.Flush.NEVER, Settings.Stop.NEVER), Verb.POWEROFF))
                .containsExactly("unbind sd");
    }

    @Test
    void driverWithoutADiskIsOnlyUnbound() {
        String bare = run.builder.device("/devices/host0", "0:0:9:0", "scsi", "sd");

        assertThat(steps(bare, Settings.NONE, Verb.POWEROFF)).containsExactly("unbind sd");
        assertThat(endsWithDriver(bare, Settings.NONE, Verb.POWEROFF)).isTrue();
    }

    @Test
    void missingDisksAreNamed() {
        String bare = run.builder.device("/devices/host0", "0:0:9:0", "scsi", "sd");

        assertThat(steps(bare, Configs.settings(Settings.Flush.ALWAYS), Verb.REBOOT))
                .containsExactly("synchronize the cache of no disks", "unbind sd");
    }

    @ParameterizedTest
    @CsvSource({"POWEROFF, false", "REBOOT, true", "KEXEC, true"})
    void shutdownOfADiskEndsWithItsDriverUnlessItIsStopped(Verb verb, boolean over) {
        assertThat(endsWithDriver(disk, Settings.NONE, verb)).isEqualTo(over);
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO, flush nvme0n1 if there is a volatile write cache",
        "ALWAYS, flush nvme0n1",
    })
    void driveIsFlushedAsConfigured(Settings.Flush flush, String step) {
        assertThat(steps(drive, Configs.settings(flush), Verb.REBOOT))
                .containsExactly(step, "unbind nvme (normal shutdown notification)");
    }

    @Test
    void driveWithoutFlushIsOnlyUnbound() {
        assertThat(steps(drive, Configs.settings(Settings.Flush.NEVER), Verb.REBOOT))
                .containsExactly("unbind nvme (normal shutdown notification)");
    }

    @Test
    void methodUnbindOnlyUnbinds() {
        assertThat(steps(drive, UNBIND, Verb.POWEROFF)).containsExactly("unbind nvme (normal shutdown notification)");
        assertThat(steps(other, UNBIND, Verb.POWEROFF)).containsExactly("unbind x");
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void shutdownOfADriveEndsWithItsDriver(Verb verb) {
        assertThat(endsWithDriver(drive, Settings.NONE, verb)).isTrue();
        assertThat(endsWithDriver(drive, UNBIND, verb)).isTrue();
        assertThat(endsWithDriver(other, UNBIND, verb)).isTrue();
    }

    @Test
    void methodsHaveTheirNames() {
        assertThat(run.method(disk, Settings.NONE).name()).isEqualTo("scsi");
        assertThat(run.method(drive, Settings.NONE).name()).isEqualTo("nvme");
        assertThat(run.method(drive, UNBIND).name()).isEqualTo("nvme");
        assertThat(run.method(other, UNBIND).name()).isEqualTo("unbind");
    }

    @Test
    void patienceOfAMethodIsThatOfItsDriverByDefault() {
        assertThat(run.method(disk, Settings.NONE).patience())
                .as("two requests of 30 s, and 75 s for the rest")
                .isEqualTo(Duration.ofSeconds(2 * 30 + 75));
        assertThat(run.method(drive, Settings.NONE).patience())
                .as("Identify, one flush, the drive, and the rest")
                .isEqualTo(Duration.ofSeconds(60 + 30 + 5 + 5));
        assertThat(run.method(other, UNBIND).patience()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void endingsAreDescribedInWords() {
        assertThat(new Ending.Down().describe()).isEqualTo("down");
        assertThat(new Ending.NotStopped("no answer").describe()).isEqualTo("down, but not stopped: no answer");
        assertThat(new Ending.Unconfirmed(Duration.ofSeconds(5)).describe()).contains("did not confirm", "5");
    }

    @Test
    void nvmeDriveThatIsDownNeedsNoStepForAPowerOff() throws Exception {
        assertThat(run.method(drive, Settings.NONE)
                        .finish(run.target(drive, Settings.NONE), Verb.POWEROFF, run.prepare(), run))
                .isEqualTo(new Ending.Down());
        assertThat(run.done()).isEmpty();
    }

    @Test
    void diskThatIsDownIsStoppedForAPowerOff() throws Exception {
        run.builder.attribute(disk + "/scsi_disk/0:0:0:0", "manage_start_stop", "0");
        Kernel kernel = run.prepare();
        Target target = run.target(disk, Settings.NONE);
        kernel.drivers().unbind(target.device());

        assertThat(run.method(disk, Settings.NONE).finish(target, Verb.POWEROFF, kernel, run))
                .isEqualTo(new Ending.Down());
        assertThat(run.done()).containsExactly("UNBIND 0:0:0:0", "STOP 0:0:0:0");
    }

    @Test
    void defectBeforeTheStopLeavesTheDiskDownButNotStopped() throws Exception {
        Kernel defective = Altered.with((Drivers) null, run.prepare());

        assertThat(run.method(disk, Settings.NONE)
                        .finish(run.target(disk, Settings.NONE), Verb.POWEROFF, defective, run))
                .isInstanceOfSatisfying(
                        Ending.NotStopped.class,
                        ending -> assertThat(ending.detail()).contains("NullPointerException"));
        assertThat(run.done()).isEmpty();
    }
}
