// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;
import org.quiesced.kernel.Counters;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/** The late phase scans for users before a device asks, if a device may ask. */
class ScanInAdvanceTest {
    private static final String DRIVE = "0000:01:00.0";
    private static final String DISK = "0:0:0:0";

    private final SteppedRun run = new SteppedRun();
    private int looks;

    ScanInAdvanceTest() {
        run.altered = this::counted;
    }

    @AfterEach
    void settle() {
        run.settle();
    }

    private Kernel counted(Kernel kernel) {
        return Altered.with(
                new Usage() {
                    @Override
                    public Users scan() {
                        looks++;
                        return below -> Optional.empty();
                    }

                    @Override
                    public Traffic traffic(Device disk) {
                        return Counters.reads(0, 0, 0);
                    }
                },
                kernel);
    }

    /** Adds a drive that loses its driver after planning, so that it needs no scan. */
    private void driveThatDoesNotAsk() {
        run.builder.fault(run.builder.nvme("/devices/pci", DRIVE, SteppedRun.SECOND), Fault.VANISHES);
    }

    private void restart() {
        run.run.late(Verb.REBOOT, Duration.ofSeconds(80));
    }

    @Test
    void latePhaseScansInAdvance() {
        driveThatDoesNotAsk();

        run.late(Verb.REBOOT, SteppedRun.DAY, event -> {});

        assertThat(looks).isEqualTo(1);
    }

    @Test
    void emptyRunScansNothing() {
        run.builder.device("/devices", "card", "pci", "e1000e");

        run.late(Verb.REBOOT, SteppedRun.DAY, event -> {});

        assertThat(looks).isZero();
    }

    @Test
    void earlyPhaseScansOnDemandOnly() {
        driveThatDoesNotAsk();

        run.early(Verb.REBOOT, SteppedRun.when(Event.Done.class, DRIVE, this::restart));

        assertThat(looks).isZero();
    }

    @Test
    void latePhaseScansInAdvanceForDeferredDevices() {
        driveThatDoesNotAsk();
        run.obstacle = target -> Optional.of(new Reason.NotReleased("it"));

        run.early(Verb.REBOOT, SteppedRun.when(Event.Deferred.class, DRIVE, this::restart));

        assertThat(looks).isEqualTo(1);
    }

    @Test
    void deviceWithoutADriverNeedsNoScan() {
        run.builder.fault(run.builder.scsiDisk("/devices/host0", DISK, SteppedRun.SECOND), Fault.FLUSH_HANGS);

        run.early(Verb.REBOOT, SteppedRun.when(Event.Started.class, DISK, this::restart));

        assertThat(looks).as("the scan of the disk itself").isEqualTo(1);
    }
}
