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
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/** A cancelled run begins nothing, and names the cancellation as reason for each device. */
class CancelledRunTest {
    private static final String FIRST = "0000:01:00.0";
    private static final String SECOND = "0000:02:00.0";
    private static final String PORT = "0000:00:01.0";

    private final SteppedRun run = new SteppedRun();

    @AfterEach
    void settle() {
        run.settle();
    }

    private String drive(String address, Duration latency) {
        return run.builder.nvme("/devices/pci0000:00/" + PORT, address, latency);
    }

    @Test
    void cancellationLeavesUnstartedDevicesAtOnce() {
        run.builder.device("/devices/pci0000:00", PORT, "pci", "par");
        drive(FIRST, SteppedRun.SECOND);
        drive(SECOND, Duration.ofSeconds(9));

        run.early(Verb.REBOOT, SteppedRun.when(Event.Done.class, FIRST, () -> run.run.cancel()));

        assertThat(run.whyLeft(PORT)).isEqualTo(new Reason.Cancelled());
        assertThat(run.only(Event.LeftToKernel.class, PORT).at()).isEqualTo(SteppedRun.SECOND.toNanos());
        assertThat(run.told(SECOND)).as("the drive was in flight").endsWith("Done", "Restored");
    }

    @Test
    void driveBeingFlushedKeepsItsDriverAndIsNotAwaited() {
        run.config = SteppedRun.config(
                "nvme",
                Configs.settings(Settings.Shutdown.PARALLEL, new Settings.Timeout(Optional.of(Duration.ofHours(3)))));
        drive(FIRST, SteppedRun.SECOND);
        run.builder.fault(drive(SECOND, SteppedRun.SECOND), Fault.FLUSH_HANGS);

        Timeline timeline = run.early(Verb.REBOOT, SteppedRun.when(Event.Done.class, FIRST, () -> run.run.cancel()));

        assertThat(timeline.took()).isEqualTo(SteppedRun.SECOND);
        assertThat(run.whyLeft(SECOND)).isEqualTo(new Reason.Cancelled());
        assertThat(run.done()).doesNotContain("UNBIND " + SECOND);
    }

    @Test
    void drivesAreNotRestoredAfterTheEndOfTheHook() {
        drive(FIRST, SteppedRun.SECOND);
        drive(SECOND, Duration.ofSeconds(9));

        run.early(Verb.REBOOT, SteppedRun.when(Event.Done.class, FIRST, () -> {
            run.run.cancel();
            run.run.abandon();
        }));

        assertThat(run.told(FIRST)).as("the restoration is not awaited").endsWith("Done", "NotRestored");
        assertThat(run.whyLeft(SECOND)).isEqualTo(new Reason.Cancelled());
        assertThat(run.only(Event.NotRestored.class, SECOND).detail())
                .isEqualTo("its driver is still being taken away");
    }
}
