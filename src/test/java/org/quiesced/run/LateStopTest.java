// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Settings;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.method.Ending;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/**
 * Disks that went down for a restart are stopped when the verb becomes a power-off, and their dependencies wait for the
 * stop.
 */
class LateStopTest {
    private static final String DISK = "0:0:0:0";
    private static final String OTHER_DISK = "0:0:1:0";
    private static final String ADAPTER = "0000:03:00.0";

    private final SteppedRun run = new SteppedRun();
    private final String adapter = run.builder.device("/devices/pci0000:00", ADAPTER, "pci", "par");
    private final String host = run.builder.device(adapter, "host0", "scsi", "");

    @AfterEach
    void settle() {
        run.settle();
    }

    private String disk(String address, Duration stop) {
        return run.builder.scsiDisk(host, address, stop);
    }

    private void restartThatBecomesAPowerOff(Duration left) {
        run.early(Verb.REBOOT, SteppedRun.when(Event.Done.class, DISK, () -> run.run.late(Verb.POWEROFF, left)));
    }

    private void keepTheAdapterOutOfTheEarlyPhase() {
        run.obstacle = target ->
                target.device().name().equals(ADAPTER) ? Optional.of(new Reason.NotReleased("it")) : Optional.empty();
    }

    private String finished(String disk) {
        return run.only(Event.Finished.class, disk).ending().describe();
    }

    @Test
    void adapterGoesDownOnceItsDiskIsStopped() {
        disk(DISK, SteppedRun.SECOND);
        keepTheAdapterOutOfTheEarlyPhase();

        restartThatBecomesAPowerOff(SteppedRun.DAY);

        assertThat(run.done()).containsExactly("FLUSH sda", "UNBIND " + DISK, "STOP " + DISK, "UNBIND " + ADAPTER);
        assertThat(run.only(Event.Finished.class, DISK).ending()).isEqualTo(new Ending.Down());
    }

    @Test
    void diskInFlightAtTheChangeOfVerbIsStoppedAfterItsUnbind() {
        run.config = SteppedRun.config(
                "sd",
                Configs.settings(Settings.Shutdown.PARALLEL, new Settings.Timeout(Optional.of(Duration.ofHours(3)))));
        run.builder.fault(disk(DISK, SteppedRun.SECOND), Fault.FLUSH_HANGS);

        run.early(
                Verb.REBOOT,
                SteppedRun.when(Event.Started.class, DISK, () -> run.run.late(Verb.POWEROFF, SteppedRun.DAY)));

        assertThat(run.done()).containsExactly("FLUSH sda", "UNBIND " + DISK, "STOP " + DISK, "UNBIND " + ADAPTER);
        assertThat(run.told(DISK)).containsExactly("Started", "Flushed", "Unbinding", "Done", "Stopping", "Finished");
    }

    @Test
    void adapterIsLeftToTheKernelWhenTheStopTimesOut() {
        disk(DISK, Duration.ofHours(1));
        keepTheAdapterOutOfTheEarlyPhase();

        restartThatBecomesAPowerOff(SteppedRun.DAY);

        assertThat(finished(DISK)).isEqualTo("down, but not stopped: not down after 2min 15s, still in flight");
        assertThat(run.told(ADAPTER)).containsExactly("Deferred", "LeftToKernel");
        assertThat(run.whyLeft(ADAPTER).describe()).isEqualTo("held back by " + DISK);
    }

    @Test
    void disksAreStoppedOneByOneWithoutThreadsUntilTheDeadline() {
        disk(DISK, Duration.ofSeconds(10));
        disk(OTHER_DISK, Duration.ofSeconds(10));
        keepTheAdapterOutOfTheEarlyPhase();
        run.workerCanStart = attempt -> attempt < 2;

        restartThatBecomesAPowerOff(Duration.ofSeconds(5));

        assertThat(finished(OTHER_DISK)).isEqualTo("down, but not stopped: deadline reached, still in flight");
        assertThat(finished(DISK)).isEqualTo("down, but not stopped: deadline reached, not started");
    }

    @Test
    void diskThatBlocksTheOnlyWorkerLeavesOtherDisksUnstopped() {
        disk(DISK, SteppedRun.SECOND);
        disk(OTHER_DISK, Duration.ofHours(1));
        keepTheAdapterOutOfTheEarlyPhase();
        run.workerCanStart = attempt -> attempt < 2;

        restartThatBecomesAPowerOff(SteppedRun.DAY);

        assertThat(finished(OTHER_DISK)).endsWith("not down after 2min 15s, still in flight");
        assertThat(finished(DISK)).isEqualTo("down, but not stopped: failed: the only worker waits for " + OTHER_DISK);
        assertThat(run.done()).contains("UNBIND " + DISK).doesNotContain("STOP " + DISK, "UNBIND " + ADAPTER);
    }
}
