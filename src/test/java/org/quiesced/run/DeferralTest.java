// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.device.Device;
import org.quiesced.kernel.Counters;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.User;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.method.Target;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/** An obstacle of the early phase defers a device with its dependencies, and the late phase tries again. */
class DeferralTest {
    private static final Duration LEFT = Duration.ofSeconds(80);
    private static final String FIRST = "0000:01:00.0";
    private static final String SECOND = "0000:02:00.0";
    private static final String PORT = "0000:00:01.0";

    private final SteppedRun run = new SteppedRun();
    private String port = "/devices/pci0000:00/" + PORT;

    @AfterEach
    void settle() {
        run.settle();
    }

    private String drive(String address) {
        return run.builder.nvme(port, address, SteppedRun.SECOND);
    }

    private void port() {
        port = run.builder.device("/devices/pci0000:00", PORT, "pci", "par");
    }

    private void late() {
        run.run.late(Verb.REBOOT, LEFT);
    }

    private static Function<Target, Optional<Reason>> keepsOut(String device) {
        return target ->
                target.device().name().equals(device) ? Optional.of(new Reason.NotReleased("it")) : Optional.empty();
    }

    @Test
    void unreleasedDriveGoesDownInTheLatePhase() {
        drive(FIRST);
        drive(SECOND);
        run.obstacle = keepsOut(SECOND);

        run.early(Verb.REBOOT, SteppedRun.when(Event.Done.class, FIRST, this::late));

        assertThat(run.told(SECOND)).containsExactly("Deferred", "Started", "Flushed", "Unbinding", "Done");
        assertThat(run.only(Event.Deferred.class, SECOND).reason()).isEqualTo(new Reason.NotReleased("it"));
        assertThat(run.only(Event.Started.class, SECOND).at())
                .isEqualTo(run.only(Event.Done.class, FIRST).at());
    }

    @Test
    void deferredPortGoesDownInTheLatePhaseAfterItsEarlyDrive() {
        port();
        drive(FIRST);
        run.obstacle = keepsOut(PORT);

        run.early(Verb.REBOOT, SteppedRun.when(Event.Deferred.class, PORT, this::late));

        assertThat(run.done()).endsWith("UNBIND " + FIRST, "UNBIND " + PORT);
        assertThat(run.told(PORT)).startsWith("Deferred", "Started").endsWith("Done");
    }

    @Test
    void serialLaneContinuesPastADeferredDrive() {
        run.config = Configs.config(Mode.SAFE, Map.of(), Map.of());
        drive(FIRST);
        drive(SECOND);
        run.obstacle = keepsOut(SECOND);

        run.early(Verb.REBOOT, SteppedRun.when(Event.Done.class, FIRST, this::late));

        assertThat(run.told(SECOND)).containsExactly("Deferred", "Started", "Flushed", "Unbinding", "Done");
        assertThat(run.done()).endsWith("UNBIND " + FIRST, "FLUSH nvme1n1", "UNBIND " + SECOND);
    }

    @Test
    void unreleasedDiskAddedAfterThePlanDefersItsDrive() {
        drive(FIRST);
        String second = drive(SECOND);
        run.obstacle =
                target -> target.disks().size() > 1 ? Optional.of(new Reason.NotReleased("it")) : Optional.empty();
        run.afterPlanning = () -> run.builder.classDevice(second + "/nvme/nvme1/nvme1n2", "block", Map.of("size", "8"));

        run.early(Verb.REBOOT, SteppedRun.when(Event.Done.class, FIRST, this::late));

        assertThat(run.told(SECOND)).startsWith("Started", "Deferred").endsWith("Done");
        assertThat(run.done()).endsWith("FLUSH nvme1n1", "FLUSH nvme1n2", "UNBIND " + SECOND);
    }

    @Test
    void portOfADeferredAndAFailedDriveIsLeftToTheKernel() {
        port();
        run.builder.fault(drive(FIRST), Fault.FLUSH_FAILS).inUse(drive(SECOND), "held by md0");

        run.early(Verb.REBOOT, SteppedRun.when(Event.LeftToKernel.class, FIRST, () -> {
            run.kernel.letGo("/devices/pci0000:00/0000:00:01.0/0000:02:00.0/nvme/nvme1/nvme1n1");
            late();
        }));

        assertThat(run.told(SECOND)).startsWith("Started", "Deferred").endsWith("Done");
        assertThat(run.told(PORT)).containsExactly("Deferred", "LeftToKernel");
        assertThat(run.whyLeft(PORT).describe()).isEqualTo("held back by " + FIRST);
        assertThat(run.done()).doesNotContain("UNBIND " + PORT);
    }

    @Test
    void portOfTwoDeferredDrivesIsDeferredOnce() {
        port();
        run.builder.inUse(drive(FIRST), "held by md0").inUse(drive(SECOND), "held by md0");

        run.early(Verb.REBOOT, SteppedRun.when(Event.Deferred.class, FIRST, this::late));

        assertThat(run.told(PORT)).startsWith("Deferred", "LeftToKernel").hasSize(2);
    }

    /**
     * Returns a kernel whose scans take two seconds each. The late phase begins during the first one, which finds an
     * opener.
     */
    private Kernel withOpenerUntilLate(Kernel kernel) {
        List<Usage> looks = new ArrayList<>();
        Usage usage = new Usage() {
            @Override
            public Users scan() {
                looks.add(this);
                boolean first = looks.size() == 1;
                run.time.spend(SteppedRun.SECOND.toNanos());
                if (first) {
                    late();
                }
                run.time.spend(SteppedRun.SECOND.toNanos());
                return below -> first ? Optional.of(new User.Described("open by postgres")) : Optional.empty();
            }

            @Override
            public Traffic traffic(Device disk) {
                return Counters.reads(0, 0, 0);
            }
        };
        return Altered.with(usage, kernel);
    }

    @Test
    void driveFoundInUseAtTheBeginningOfTheLatePhaseIsRetried() {
        drive(FIRST);
        run.altered = this::withOpenerUntilLate;

        run.early(Verb.REBOOT, event -> {});

        assertThat(run.told(FIRST)).containsExactly("Started", "Deferred", "Started", "Flushed", "Unbinding", "Done");
        assertThat(run.only(Event.Deferred.class, FIRST).reason())
                .isEqualTo(new Reason.InUse(FIRST, new User.Described("open by postgres")));
    }

    @Test
    void retriedDriveWaitsForItsTurnOnTheSerialLane() {
        run.config = Configs.config(Mode.SAFE, Map.of(), Map.of());
        drive(FIRST);
        drive(SECOND);
        run.altered = this::withOpenerUntilLate;

        Timeline timeline = run.early(Verb.REBOOT, event -> {});

        assertThat(timeline.downCount()).isEqualTo(2);
        assertThat(run.told(SECOND))
                .startsWith("Started", "Deferred", "Started")
                .endsWith("Done");
    }

    @Test
    void driveThatFailsInTheLatePhaseIsNotRetried() {
        drive(FIRST);
        run.builder.fault("/devices/pci0000:00/0000:00:01.0/0000:01:00.0", Fault.FIRST_FLUSH_FAILS);
        run.altered = kernel -> Altered.with(
                new Usage() {
                    @Override
                    public Users scan() {
                        late();
                        run.time.spend(1);
                        return below -> Optional.empty();
                    }

                    @Override
                    public Traffic traffic(Device disk) {
                        return Counters.reads(0, 0, 0);
                    }
                },
                kernel);

        run.early(Verb.REBOOT, event -> {});

        assertThat(run.told(FIRST)).containsExactly("Started", "Failed", "LeftToKernel");
    }
}
