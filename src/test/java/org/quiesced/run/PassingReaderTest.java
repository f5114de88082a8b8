// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.User;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/**
 * A program that reads a free drive in the early phase, as LVM's services do when they stop, delays the drive's
 * shutdown, and does not move it to the late phase.
 */
class PassingReaderTest {
    private static final String READ = "0000:01:00.0";
    private static final String OTHER = "0000:02:00.0";
    private static final Duration LEFT = Duration.ofSeconds(80);

    private final SteppedRun run = new SteppedRun();
    private long sectors;
    private int readings;

    @AfterEach
    void settle() {
        run.settle();
    }

    private void drives(Duration readFor) {
        drives(readFor, Duration.ofSeconds(9));
    }

    /**
     * Prepares a machine with a drive of a second, which is read for a time from now on, and another one.
     *
     * @param latency the time that the other one takes
     */
    private void drives(Duration readFor, Duration latency) {
        run.builder.nvme("/devices/pci0000:00", READ, SteppedRun.SECOND);
        run.builder.nvme("/devices/pci0000:00", OTHER, latency);
        long until = run.time.now() + readFor.toNanos();
        run.altered = sound -> read(sound, until);
    }

    private Kernel read(Kernel sound, long until) {
        Usage usage = new Usage() {
            @Override
            public Users scan() throws IOException {
                return sound.usage().scan();
            }

            @Override
            public Traffic traffic(Device disk) throws IOException {
                Traffic quiet = sound.usage().traffic(disk);
                if (!disk.path().contains(READ)) {
                    return quiet;
                }
                readings++;
                sectors += run.time.now() < until ? 8 : 0;
                return new Traffic(quiet.inFlight(), quiet.requests(), sectors);
            }
        };
        return Altered.with(usage, sound);
    }

    private void late() {
        run.run.late(Verb.REBOOT, LEFT);
    }

    private static Reason read() {
        return new Reason.InUse("nvme0n1", new User.Traffic());
    }

    @Test
    void driveThatIsReadForAMomentGoesDownEarly() {
        drives(Duration.ofMillis(50));

        run.early(Verb.REBOOT, SteppedRun.when(Event.Done.class, READ, this::late));

        assertThat(run.told(READ))
                .startsWith("Started")
                .doesNotContain("Deferred")
                .endsWith("Unbinding", "Done");
        assertThat(run.only(Event.Done.class, READ).at())
                .as("a pause and the drive's own time")
                .isEqualTo(SteppedRun.SECOND.plusMillis(100).toNanos());
    }

    @Test
    void pausesGrowIfTheReadingGoesOn() {
        drives(Duration.ofMillis(600));

        run.early(Verb.REBOOT, SteppedRun.when(Event.Done.class, READ, this::late));

        assertThat(run.only(Event.Done.class, READ).at())
                .isEqualTo(SteppedRun.SECOND.plusMillis(100 + 400 + 1_000).toNanos());
    }

    @Test
    void driveThatIsReadOnAndOnWaitsForTheLatePhase() {
        drives(Duration.ofSeconds(5));

        run.early(Verb.REBOOT, SteppedRun.when(Event.Done.class, OTHER, this::late));

        Event.Deferred deferred = run.only(Event.Deferred.class, READ);
        assertThat(deferred.reason()).isEqualTo(read());
        assertThat(deferred.at()).isEqualTo(Duration.ofMillis(1_500).toNanos());
        assertThat(run.only(Event.Unbinding.class, READ).at())
                .isEqualTo(run.only(Event.Done.class, OTHER).at());
    }

    @Test
    void latePhaseEndsThePause() {
        drives(Duration.ofMillis(150), Duration.ofMillis(300));

        run.early(Verb.REBOOT, SteppedRun.when(Event.Done.class, OTHER, this::late));

        assertThat(run.only(Event.Done.class, READ).at())
                .isEqualTo(SteppedRun.SECOND.plusMillis(300).toNanos());
    }

    @Test
    void readDriveIsLeftToTheKernelAtOnceInTheLatePhase() {
        drives(Duration.ofMillis(50));

        run.late(Verb.REBOOT, LEFT, event -> {});

        assertThat(run.whyLeft(READ)).isEqualTo(read());
        assertThat(run.only(Event.LeftToKernel.class, READ).at()).isZero();
    }

    @Test
    void cancelledShutdownDoesNotTryTheDriveAgain() {
        drives(Duration.ofDays(1));

        run.early(Verb.REBOOT, SteppedRun.when(Event.Flushed.class, OTHER, () -> run.run.cancel()));
        settle();

        assertThat(run.whyLeft(READ)).isEqualTo(new Reason.Cancelled());
        assertThat(readings).as("of one attempt").isEqualTo(2);
    }

    @Test
    void pausesLeaveHalfOfAShortTimeLimit() {
        run.config = SteppedRun.config(
                "nvme",
                Configs.settings(
                        Settings.Shutdown.PARALLEL, new Settings.Timeout(Optional.of(Duration.ofMillis(300)))));
        drives(Duration.ofSeconds(5));

        run.early(Verb.REBOOT, SteppedRun.when(Event.Deferred.class, READ, this::late));

        assertThat(run.only(Event.Deferred.class, READ).at())
                .isEqualTo(Duration.ofMillis(100).toNanos());
    }
}
