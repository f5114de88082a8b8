// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.User;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/** A process that opens a drive in the early phase before the drive is claimed, and causes no traffic yet. */
class EarlyOpenerTest {
    private static final String OPENED = "0000:02:00.0";
    private static final int OTHERS = 10;

    private final Lockstep time = new Lockstep();
    private final MachineBuilder builder = new MachineBuilder("opener");
    private final List<Event> events = new ArrayList<>();
    private Machine machine;
    private SimulatedKernel simulated;
    private boolean isOpen;
    private int looks;
    private long claims;

    /** Returns a kernel in which the claim of the drive takes time and a process opens the drive during it. */
    private Kernel kernel() {
        machine = builder.build();
        simulated = time.kernel(machine);
        Kernel sound = simulated;
        Usage usage = new Usage() {
            @Override
            public Users scan() throws IOException {
                looks++;
                Optional<User> seen = isOpen ? Optional.of(new User.Described("open by vm")) : Optional.empty();
                time.spend(100_000_000);
                return below -> seen.filter(user -> below.get(0).name().equals(OPENED));
            }

            @Override
            public Traffic traffic(Device disk) throws IOException {
                return sound.usage().traffic(disk);
            }
        };
        BlockClaims slow = new BlockClaims() {
            @Override
            public Claim claim(Device disk) throws IOException {
                // No two drives are claimed at the same moment.
                time.spend(claims++ * 1_000_000);
                if (disk.path().contains(OPENED)) {
                    time.spend(300_000_000);
                    isOpen = true;
                    time.spend(200_000_000);
                }
                return sound.claims().claim(disk);
            }

            @Override
            public VisibleUsers visibleUsers() {
                return sound.claims().visibleUsers();
            }
        };
        return Altered.with(usage, Altered.with(slow, sound));
    }

    private Timeline early(Kernel kernel, String driver, Settings settings) throws IOException {
        Plan plan = Planner.assumingFree(Configs.config(Mode.ON, Map.of(driver, settings), Map.of()))
                .plan(kernel.readTree());
        CheckedRun checked = CheckedRun.of(machine, simulated, plan, time);
        AtomicReference<Run> run = new AtomicReference<>();
        run.set(checked.early(Verb.REBOOT, kernel, target -> Optional.empty(), event -> {
            events.add(event);
            if (event instanceof Event.Deferred) {
                run.get().late(Verb.REBOOT, Duration.ofSeconds(80));
            }
        }));
        return checked.execute();
    }

    /** Adds a device with a disk whose driver has no method but unbinding. */
    private void other(String address, Duration latency) {
        String path = builder.device("/devices/pci", address, "pci", "par");
        builder.classDevice(path + "/block/disk" + address, "block", Map.of()).latency(path, latency);
    }

    private void assertThatTheOpenDriveWaits() {
        assertThat(events)
                .filteredOn(Event.Deferred.class::isInstance)
                .extracting(event -> ((Event.Deferred) event).reason())
                .containsExactly(new Reason.InUse(OPENED, new User.Described("open by vm")));
    }

    @Test
    void openerAfterTheScanForAnotherDriveIsSeen() throws IOException {
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(9));
        builder.nvme("/devices/pci", OPENED, Duration.ofSeconds(1));

        Timeline timeline = early(kernel(), "nvme", Configs.settings(Settings.Flush.AUTO));

        assertThatTheOpenDriveWaits();
        assertThat(timeline.downCount()).isEqualTo(1);
    }

    @Test
    void openerIsSeenBySharedScansOfUnboundDevices() throws IOException {
        for (int i = 0; i < OTHERS; i++) {
            other(String.format("0000:01:%02x.0", i), Duration.ofSeconds(9));
        }
        other(OPENED, Duration.ofSeconds(1));

        Timeline timeline =
                early(kernel(), "par", Configs.settings(Settings.Method.UNBIND, Settings.Shutdown.PARALLEL));

        assertThatTheOpenDriveWaits();
        assertThat(timeline.downCount()).isEqualTo(OTHERS);
        assertThat(looks)
                .as(
                        "two for the drives that were claimed one after the other, one for the open one, one in the late phase")
                .isEqualTo(4);
    }
}
