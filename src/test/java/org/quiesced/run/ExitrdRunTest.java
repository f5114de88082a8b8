// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Phases;
import org.quiesced.config.Settings;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.method.Ending;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/**
 * An exitrd follows the late phase: devices in use wait for it, devices in flight are joined, and nothing is touched in
 * between.
 */
class ExitrdRunTest {
    private static final Duration LEFT = Duration.ofSeconds(80);
    private static final String DATA = "0000:01:00.0";
    private static final String ROOT = "0000:02:00.0";
    private static final String PORT = "0000:00:01.0";
    private static final String ROOT_DISK = "/devices/pci0000:00/0000:00:01.0/" + ROOT + "/nvme/nvme1/nvme1n1";

    private final SteppedRun run = new SteppedRun();
    private String port = "/devices/pci0000:00/" + PORT;

    @AfterEach
    void settle() {
        run.settle();
    }

    private void dataAndRoot(Duration data, Duration root) {
        run.builder.nvme(port, DATA, data);
        run.builder.inUse(run.builder.nvme(port, ROOT, root), "mounted on /");
    }

    private void exitrd(Verb verb) {
        run.kernel.letGo(ROOT_DISK);
        run.run.late(verb, LEFT);
    }

    private Timeline untilRootWaits(Runnable then) {
        return run.beforeExitrd(Verb.REBOOT, LEFT, SteppedRun.when(Event.Deferred.class, ROOT, then));
    }

    @Test
    void rootDriveGoesDownBesideDrivesInFlight() {
        dataAndRoot(Duration.ofSeconds(3), Duration.ofSeconds(3));

        Timeline timeline = untilRootWaits(() -> exitrd(Verb.REBOOT));

        assertThat(run.told(ROOT)).containsExactly("Started", "Deferred", "Started", "Flushed", "Unbinding", "Done");
        assertThat(run.only(Event.Deferred.class, ROOT).awaited()).isEqualTo(Event.Awaited.EXITRD);
        assertThat(run.told(DATA)).containsExactly("Started", "Flushed", "Unbinding", "Done");
        assertThat(timeline.downCount()).isEqualTo(2);
        assertThat(timeline.took()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void runWaitsForTheExitrdWhenAllOtherDrivesAreDown() {
        dataAndRoot(SteppedRun.SECOND, SteppedRun.SECOND);

        Timeline timeline =
                run.beforeExitrd(Verb.REBOOT, LEFT, SteppedRun.when(Event.Done.class, DATA, () -> exitrd(Verb.REBOOT)));

        assertThat(timeline.downCount()).isEqualTo(2);
        assertThat(timeline.took()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void driveDeferredToTheExitrdIsNotTouchedWithoutIt() {
        dataAndRoot(SteppedRun.SECOND, SteppedRun.SECOND);

        Timeline timeline = untilRootWaits(() -> run.kernel.letGo(ROOT_DISK));

        assertThat(timeline.took()).isEqualTo(LEFT);
        assertThat(run.whyLeft(ROOT)).isEqualTo(new Reason.DeadlineReached(false));
        assertThat(run.done()).noneMatch(done -> done.endsWith(ROOT));
    }

    @Test
    void driveInUseInTheExitrdIsLeftToTheKernelWithItsDependencies() {
        port = run.builder.device("/devices/pci0000:00", PORT, "pci", "par");
        dataAndRoot(SteppedRun.SECOND, SteppedRun.SECOND);

        Timeline timeline = untilRootWaits(() -> run.run.late(Verb.REBOOT, LEFT));

        assertThat(run.told(ROOT)).containsExactly("Started", "Deferred", "Started", "LeftToKernel");
        assertThat(run.told(PORT)).containsExactly("Deferred", "LeftToKernel");
        assertThat(timeline.downCount()).isEqualTo(1);
    }

    @Test
    void portOfRootAndDataDriveGoesDownLast() {
        port = run.builder.device("/devices/pci0000:00", PORT, "pci", "par");
        dataAndRoot(Duration.ofSeconds(3), SteppedRun.SECOND);

        untilRootWaits(() -> exitrd(Verb.REBOOT));

        assertThat(run.told(PORT)).startsWith("Deferred", "Started").endsWith("Done");
        assertThat(run.done()).endsWith("UNBIND " + ROOT, "UNBIND " + DATA, "UNBIND " + PORT);
    }

    @Test
    void driveConfiguredForTheEarlyPhaseOnlyIsNotTouchedInTheExitrd() {
        dataAndRoot(SteppedRun.SECOND, SteppedRun.SECOND);
        run.config = Configs.config(
                Mode.ON,
                Map.of(),
                Map.of("nvme0", Configs.settings(new Phases(Map.of(Verb.REBOOT, Set.of(Phase.EARLY))))));

        untilRootWaits(() -> exitrd(Verb.REBOOT));

        assertThat(run.whyLeft(DATA)).isEqualTo(new Reason.OtherPhase(Phase.LATE, Verb.REBOOT));
        assertThat(run.told(DATA)).containsExactly("LeftToKernel");
        assertThat(run.told(ROOT)).endsWith("Done");
    }

    @Test
    void exitrdSetsTheDeadline() {
        dataAndRoot(SteppedRun.SECOND, Duration.ofSeconds(30));

        Timeline timeline = run.beforeExitrd(
                Verb.REBOOT, Duration.ofSeconds(5), SteppedRun.when(Event.Done.class, DATA, () -> exitrd(Verb.REBOOT)));

        assertThat(timeline.downCount()).isEqualTo(2);
        assertThat(timeline.took()).isEqualTo(Duration.ofSeconds(31));
    }

    @Test
    void runContinuesThroughThreePhases() {
        dataAndRoot(Duration.ofSeconds(5), SteppedRun.SECOND);
        int[] waited = {0};

        run.early(Verb.REBOOT, event -> {
            if (event instanceof Event.Deferred && event.device().name().equals(ROOT)) {
                waited[0]++;
                if (waited[0] == 1) {
                    run.run.late(Verb.REBOOT, LEFT, true);
                } else {
                    exitrd(Verb.REBOOT);
                }
            }
        });

        assertThat(run.events)
                .filteredOn(Event.Deferred.class::isInstance)
                .extracting(event -> ((Event.Deferred) event).awaited())
                .containsExactly(Event.Awaited.LATE_PHASE, Event.Awaited.EXITRD);
        assertThat(run.told(DATA)).containsExactly("Started", "Flushed", "Unbinding", "Done");
        assertThat(run.told(ROOT)).endsWith("Done");
    }

    @Test
    void runBeginsNothingWhenTheHookEndsBeforeTheExitrd() {
        dataAndRoot(SteppedRun.SECOND, SteppedRun.SECOND);

        untilRootWaits(() -> {
            run.run.abandon();
            exitrd(Verb.REBOOT);
        });

        assertThat(run.whyLeft(ROOT)).isEqualTo(new Reason.HookEnded(false));
        assertThat(run.done()).noneMatch(done -> done.endsWith(ROOT));
    }

    @Test
    void serialLaneContinuesInTheExitrd() {
        run.config = Configs.config(Mode.SAFE, Map.of(), Map.of());
        dataAndRoot(SteppedRun.SECOND, SteppedRun.SECOND);
        run.builder.nvme(port, "0000:03:00.0", SteppedRun.SECOND);

        Timeline timeline = untilRootWaits(() -> exitrd(Verb.REBOOT));

        assertThat(timeline.downCount()).isEqualTo(3);
        assertThat(timeline.took()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void verbOfTheExitrdStopsADiskThatIsDown() {
        String host = run.builder.device(port, "host0", "scsi", "");
        run.builder.scsiDisk(host, "0:0:0:0", SteppedRun.SECOND);

        run.beforeExitrd(
                Verb.REBOOT,
                LEFT,
                SteppedRun.when(Event.Done.class, "0:0:0:0", () -> run.run.late(Verb.POWEROFF, LEFT)));

        assertThat(run.done()).endsWith("UNBIND 0:0:0:0", "STOP 0:0:0:0");
        assertThat(run.only(Event.Finished.class, "0:0:0:0").ending()).isEqualTo(new Ending.Down());
    }

    @Test
    void pendingStopIsDoneWhenTheExitrdBegins() {
        run.config = SteppedRun.config("sd", Configs.settings(Settings.Shutdown.PARALLEL));
        String host = run.builder.device(port, "host0", "scsi", "");
        run.builder.scsiDisk(host, "0:0:0:0", Duration.ofSeconds(10));
        run.builder.scsiDisk(host, "0:0:1:0", Duration.ofSeconds(10));
        // Only the reserved worker is available for the stops.
        run.workerCanStart = attempt -> attempt < 2;
        int[] down = {0};

        run.early(Verb.REBOOT, event -> {
            if (event instanceof Event.Done && ++down[0] == 2) {
                run.run.late(Verb.POWEROFF, LEFT, true);
                run.run.late(Verb.POWEROFF, LEFT);
            }
        });

        assertThat(run.done()).contains("STOP 0:0:0:0", "STOP 0:0:1:0");
    }

    @Test
    void unreadyDriveIsRetriedInTheExitrd() {
        run.builder.nvme(port, DATA, SteppedRun.SECOND);
        run.builder.fault(run.builder.nvme(port, ROOT, SteppedRun.SECOND), Fault.OTHER_DRIVER);

        untilRootWaits(() -> run.run.late(Verb.REBOOT, LEFT));

        assertThat(run.told(ROOT)).containsExactly("Started", "Deferred", "Started", "LeftToKernel");
    }
}
