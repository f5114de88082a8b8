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

/** A device may take its reported time from its start, and no longer than the run. */
class AllowedTimeTest {
    private static final String DRIVE = "0000:01:00.0";
    private static final String PORT = "0000:00:01.0";

    private final SteppedRun run = new SteppedRun();

    @AfterEach
    void settle() {
        run.settle();
    }

    private String drive(Duration latency) {
        return run.builder.nvme("/devices/pci0000:00/" + PORT, DRIVE, latency);
    }

    private Timeline reboot(Duration deadline) {
        return run.late(Verb.REBOOT, deadline, event -> {});
    }

    @Test
    void reportedTimeExtendsTheAllowedTime() {
        drive(Duration.ofSeconds(120));

        assertThat(reboot(SteppedRun.DAY).downCount()).isEqualTo(1);
    }

    /** Identify 60 s, one flush 30 s, the drive at most 60 s, a margin of 5 s. */
    @Test
    void allowedTimeIsLimitedByTheWaitOfTheDriver() {
        drive(Duration.ofSeconds(160));

        Timeline timeline = reboot(SteppedRun.DAY);

        assertThat(run.whyLeft(DRIVE)).isEqualTo(new Reason.TimedOut(Duration.ofSeconds(155), true));
        assertThat(timeline.took()).isEqualTo(Duration.ofSeconds(155));
    }

    /** The flush takes an hour and the removal of the driver two; the device is given up two hours after its start. */
    @Test
    void driverIsStuckOnlyAfterItsTimeFromTheBeginningOfItsRemoval() {
        run.config = SteppedRun.config(
                "nvme",
                Configs.settings(Settings.Shutdown.PARALLEL, new Settings.Timeout(Optional.of(Duration.ofHours(2)))));
        run.builder.fault(drive(Duration.ofHours(2)), Fault.FLUSH_HANGS);

        reboot(SteppedRun.DAY);

        assertThat(run.whyLeft(DRIVE)).isEqualTo(new Reason.TimedOut(Duration.ofHours(2), true));
        assertThat(run.run.unfinished()).hasSize(1);
        assertThat(run.run.unfinished().get(0).overdue()).isEqualTo(Duration.ofHours(-1));
    }

    @Test
    void deviceThatEndsAtTheDeadlineIsDownAndNoOtherIsBegun() {
        run.builder.device("/devices/pci0000:00", PORT, "pci", "par");
        drive(Duration.ofSeconds(5));

        reboot(Duration.ofSeconds(5));

        assertThat(run.told(DRIVE)).endsWith("Done");
        assertThat(run.told(PORT)).containsExactly("LeftToKernel");
        assertThat(run.whyLeft(PORT)).isEqualTo(new Reason.DeadlineReached(false));
    }
}
