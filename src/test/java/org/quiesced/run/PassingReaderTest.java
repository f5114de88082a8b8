// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.User;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/**
 * A program that reads a free drive in the early phase, as LVM's services do when they stop, delays the drive's
 * shutdown, and does not move it to the late phase. A drive that is written waits for the late phase.
 */
class PassingReaderTest {
    private static final String USED = "0000:01:00.0";
    private static final String OTHER = "0000:02:00.0";
    private static final Duration NEVER = Duration.ZERO;
    private static final Duration ALWAYS = Duration.ofDays(1);
    private static final Duration LEFT = Duration.ofSeconds(80);

    private final SteppedRun run = new SteppedRun();
    private int looks;

    @AfterEach
    void settle() {
        run.settle();
    }

    /**
     * Prepares a machine with a drive of a second, which is used from now on, and another one.
     *
     * @param read how long the first one is read
     * @param written how long it is written
     * @param other the time that the other one takes
     */
    private void drives(Duration read, Duration written, Duration other) {
        run.builder.nvme("/devices/pci0000:00", USED, SteppedRun.SECOND);
        run.builder.nvme("/devices/pci0000:00", OTHER, other);
        use(
                milliseconds -> Math.min(milliseconds, read.toMillis()),
                milliseconds -> Math.min(milliseconds, written.toMillis()));
    }

    private void drives(Duration read, Duration written) {
        drives(read, written, Duration.ofSeconds(9));
    }

    /** Sets how many sectors were read and written, by the number of milliseconds since now. */
    private void use(LongUnaryOperator read, LongUnaryOperator written) {
        long begin = run.time.now();
        run.altered = sound -> Altered.with(
                new Usage() {
                    @Override
                    public Users scan() throws IOException {
                        run.time.spend(1_000_000);
                        return sound.usage().scan();
                    }

                    @Override
                    public Traffic traffic(Device disk) throws IOException {
                        if (!disk.path().contains(USED)) {
                            return sound.usage().traffic(disk);
                        }
                        looks++;
                        long milliseconds = (run.time.now() - begin) / 1_000_000;
                        return new Traffic(
                                new Requests(0, 0, read.applyAsLong(milliseconds)),
                                new Requests(0, 0, written.applyAsLong(milliseconds)));
                    }
                },
                sound);
    }

    private void early(Class<? extends Event> kind, String device) {
        run.early(Verb.REBOOT, SteppedRun.when(kind, device, () -> run.run.late(Verb.REBOOT, LEFT)));
    }

    private long milliseconds(Class<? extends Event> kind, String device) {
        return Duration.ofNanos(run.only(kind, device).at()).toMillis();
    }

    private void assertThatItWaitsForTheLatePhaseFrom(long milliseconds) {
        assertThat(run.only(Event.Deferred.class, USED).reason())
                .isEqualTo(new Reason.InUse("nvme0n1", new User.Traffic()));
        assertThat(milliseconds(Event.Deferred.class, USED)).isBetween(milliseconds, milliseconds + 10);
        assertThat(run.told(USED)).endsWith("Done");
        assertThat(run.only(Event.Unbinding.class, USED).at())
                .isGreaterThanOrEqualTo(run.only(Event.Done.class, OTHER).at());
    }

    @Test
    void driveThatIsReadForAMomentGoesDownEarly() {
        drives(Duration.ofMillis(50), NEVER);

        early(Event.Done.class, USED);

        assertThat(run.told(USED)).containsExactly("Started", "Flushed", "Unbinding", "Done");
        assertThat(milliseconds(Event.Unbinding.class, USED))
                .as("after a pause")
                .isBetween(100L, 110L);
    }

    @Test
    void pausesGrowIfTheReadingGoesOn() {
        drives(Duration.ofMillis(600), NEVER);

        early(Event.Done.class, USED);

        assertThat(run.told(USED)).containsExactly("Started", "Flushed", "Unbinding", "Done");
        assertThat(milliseconds(Event.Unbinding.class, USED)).isBetween(700L, 710L);
    }

    @Test
    void driveThatIsReadOnAndOnWaitsForTheLatePhase() {
        drives(ALWAYS, NEVER, Duration.ofSeconds(2));

        early(Event.Done.class, OTHER);

        assertThat(milliseconds(Event.Deferred.class, USED)).isBetween(700L, 710L);
        assertThat(run.whyLeft(USED))
                .as("it is read in the late phase too")
                .isEqualTo(new Reason.InUse("nvme0n1", new User.Traffic()));
    }

    @Test
    void driveThatIsWrittenWaitsForTheLatePhaseAtOnce() {
        drives(NEVER, Duration.ofMillis(5));

        early(Event.Done.class, OTHER);

        assertThatItWaitsForTheLatePhaseFrom(0);
    }

    @Test
    void writeDuringAPauseCounts() {
        run.builder.nvme("/devices/pci0000:00", USED, SteppedRun.SECOND);
        run.builder.nvme("/devices/pci0000:00", OTHER, Duration.ofSeconds(9));
        use(milliseconds -> Math.min(milliseconds, 5), milliseconds -> milliseconds < 50 ? 0 : 8);

        early(Event.Done.class, OTHER);

        assertThatItWaitsForTheLatePhaseFrom(100);
    }

    @Test
    void writeEachFewMillisecondsCountsThoughEachLookFallsBetweenTwo() {
        run.builder.nvme("/devices/pci0000:00", USED, SteppedRun.SECOND);
        run.builder.nvme("/devices/pci0000:00", OTHER, Duration.ofSeconds(9));
        use(
                milliseconds -> Math.min(milliseconds, 105),
                milliseconds -> milliseconds < 9_000 ? milliseconds / 80 : 112);

        early(Event.Done.class, OTHER);

        assertThatItWaitsForTheLatePhaseFrom(100);
    }

    @Test
    void latePhaseEndsThePause() {
        drives(Duration.ofMillis(150), NEVER, Duration.ofMillis(200));

        early(Event.Done.class, OTHER);

        assertThat(milliseconds(Event.Unbinding.class, USED)).isBetween(200L, 210L);
    }

    @Test
    void readDriveIsLeftToTheKernelAtOnceInTheLatePhase() {
        drives(Duration.ofMillis(50), NEVER);

        run.late(Verb.REBOOT, LEFT, event -> {});

        assertThat(run.whyLeft(USED)).isEqualTo(new Reason.InUse("nvme0n1", new User.Traffic()));
        assertThat(milliseconds(Event.LeftToKernel.class, USED)).isLessThan(10);
    }

    @Test
    void cancelledShutdownLooksAtTheDriveNoMoreAndEndsItsClaimAtOnce() {
        drives(ALWAYS, NEVER);
        long begin = run.time.now();
        List<Long> released = new ArrayList<>();
        UnaryOperator<Kernel> used = run.altered;
        run.altered = sound -> Altered.with(released(sound.claims(), released), used.apply(sound));

        run.early(Verb.REBOOT, SteppedRun.when(Event.Unbinding.class, OTHER, () -> run.run.cancel()));
        int before = looks;
        settle();

        assertThat(run.whyLeft(USED)).isEqualTo(new Reason.Cancelled());
        assertThat(looks).isEqualTo(before);
        assertThat(released)
                .singleElement()
                .satisfies(at -> assertThat(Duration.ofNanos(at - begin)).isLessThan(Duration.ofMillis(50)));
    }

    private BlockClaims released(BlockClaims sound, List<Long> times) {
        return new BlockClaims() {
            @Override
            public Claim claim(Device disk) throws IOException {
                Claim claim = sound.claim(disk);
                return () -> {
                    claim.close();
                    if (disk.path().contains(USED)) {
                        times.add(run.time.now());
                    }
                };
            }

            @Override
            public VisibleUsers visibleUsers() {
                return sound.visibleUsers();
            }
        };
    }

    @Test
    void timeLimitDoesNotIncludeThePauses() {
        run.config = SteppedRun.config(
                "nvme",
                Configs.settings(
                        Settings.Shutdown.PARALLEL, new Settings.Timeout(Optional.of(Duration.ofMillis(1_200)))));
        drives(Duration.ofMillis(600), NEVER, Duration.ofSeconds(1));

        early(Event.Done.class, USED);

        assertThat(run.told(USED)).containsExactly("Started", "Flushed", "Unbinding", "Done");
    }

    @Test
    void driveOnTheSerialLanePausesOnce() {
        run.config = SteppedRun.config("nvme", Configs.settings(Settings.Shutdown.SERIAL));
        drives(ALWAYS, NEVER);

        run.early(
                Verb.REBOOT,
                SteppedRun.when(Event.Deferred.class, USED, () -> run.run.late(Verb.REBOOT, Duration.ZERO)));

        long started = run.events.stream()
                .filter(event ->
                        event instanceof Event.Started && event.device().name().equals(USED))
                .mapToLong(event -> Duration.ofNanos(event.at()).toMillis())
                .findFirst()
                .orElseThrow();
        assertThat(milliseconds(Event.Deferred.class, USED) - started).isBetween(100L, 110L);
    }

    @Test
    void controllerOverTheNetworkDoesNotPause() {
        run.builder.fabrics("tcp", SteppedRun.SECOND);
        List<Long> deferred = new ArrayList<>();
        run.altered = sound -> Altered.with(
                new Usage() {
                    @Override
                    public Users scan() throws IOException {
                        return sound.usage().scan();
                    }

                    @Override
                    public Traffic traffic(Device disk) {
                        return new Traffic(new Requests(0, 0, looks++), Requests.NONE);
                    }
                },
                sound);

        run.network(Verb.REBOOT, event -> {
            if (event instanceof Event.Deferred) {
                deferred.add(event.at());
                run.run.unmounted();
                run.run.late(Verb.REBOOT, LEFT);
            }
        });

        assertThat(deferred).first().isEqualTo(0L);
    }
}
