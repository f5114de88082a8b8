// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Mode;
import org.quiesced.config.Say;
import org.quiesced.config.Settings;
import org.quiesced.daemon.Progress.Stage;
import org.quiesced.device.Device;
import org.quiesced.kernel.Verb;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.method.Ending;
import org.quiesced.plan.Planner;
import org.quiesced.plan.Reason;
import org.quiesced.run.Event;
import org.quiesced.run.Groundwork;

/** When the hook may leave the rest to the kernel: it waits for a driver that is being taken away, and for nothing that comes after it. */
class ProgressTest {
    private final MachineBuilder builder = new MachineBuilder("progress");
    private final String drive = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ZERO);
    private final String disk = builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ZERO);
    private final Groundwork groundwork = new Groundwork(Planner.ahead(
                    Say.config(Mode.ON, Map.of("sd", Say.settings(Settings.Stop.ALWAYS)), Map.of()))
            .plan(builder.build().tree()));

    private Device device(String path) {
        return groundwork.plan().tree().get(groundwork.plan().tree().indexOf(path));
    }

    private Event unbinding(String path) {
        return new Event.Unbinding(device(path), 0);
    }

    private Event done(String path) {
        return new Event.Done(device(path), 0, new Ending.Down());
    }

    @Test
    void aDriveThatWasOnlyStartedMayYetBeFoundInUse() {
        Progress progress = new Progress(groundwork, Verb.REBOOT);
        progress.accept(new Event.Started(device(drive), 0, Event.Place.WORKER));
        progress.accept(new Event.Started(device(disk), 0, Event.Place.WORKER));

        assertThat(progress.stage()).isEqualTo(Stage.BEGINNING);
    }

    @Test
    void theKernelWaitsForDriversThatAreBeingTakenAway() {
        Progress progress = new Progress(groundwork, Verb.REBOOT);
        progress.accept(unbinding(drive));
        assertThat(progress.stage()).isEqualTo(Stage.ON_ITS_WAY);
        progress.accept(unbinding(disk));
        assertThat(progress.stage()).isEqualTo(Stage.WITH_THE_KERNEL);
    }

    @Test
    void aDiskThatIsStoppedAfterItsDriverIsGoneMustBeDone() {
        Progress progress = new Progress(groundwork, Verb.POWEROFF);
        progress.accept(unbinding(drive));
        progress.accept(unbinding(disk));
        assertThat(progress.stage()).isEqualTo(Stage.ON_ITS_WAY);
        progress.accept(done(disk));
        assertThat(progress.stage()).isEqualTo(Stage.WITH_THE_KERNEL);
    }

    @Test
    void whatTheLateVerbStopsMustBeDoneToo() {
        Progress progress = new Progress(groundwork, Verb.REBOOT);
        progress.accept(unbinding(drive));
        progress.accept(unbinding(disk));
        progress.accept(done(disk));
        progress.late(Verb.POWEROFF);
        assertThat(progress.stage()).isEqualTo(Stage.ON_ITS_WAY);
        progress.accept(new Event.Finished(device(disk), 0, new Ending.Down()));
        assertThat(progress.stage()).isEqualTo(Stage.WITH_THE_KERNEL);
    }

    @Test
    void whatIsLeftToTheKernelIsNotWaitedFor() {
        Progress progress = new Progress(groundwork, Verb.POWEROFF);
        progress.accept(unbinding(drive));
        progress.accept(new Event.LeftToKernel(device(disk), 0, new Reason.InUse("sda", "held by md0")));

        assertThat(progress.stage()).isEqualTo(Stage.WITH_THE_KERNEL);
        assertThat(progress.line()).startsWith("0 of 1 down, 1 to go, ");
    }

    @Test
    void afterTheEndNothingIsWaitedFor() throws InterruptedException {
        Progress progress = new Progress(groundwork, Verb.REBOOT);
        progress.awaitAfter(Stage.BEGINNING, Duration.ofMillis(10));
        assertThat(progress.stage()).isEqualTo(Stage.BEGINNING);
        progress.end();
        progress.awaitAfter(Stage.BEGINNING, Duration.ofDays(1));
        assertThat(progress.stage()).isEqualTo(Stage.ENDED);
    }
}
