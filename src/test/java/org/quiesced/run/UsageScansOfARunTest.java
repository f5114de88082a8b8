// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.device.Device;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Planner;
import org.quiesced.shutdown.Verb;

/** Number of scans for users in a run, with a scan of one and a half seconds. */
class UsageScansOfARunTest {
    private static final int DRIVES = 20;

    private int looks;

    private Timeline run(Mode mode) throws IOException {
        MachineBuilder builder = new MachineBuilder("looks");
        for (int i = 0; i < DRIVES; i++) {
            builder.nvme("/devices/pci0000:00", String.format("0000:%02x:00.0", i), Duration.ofSeconds(3));
        }
        Lockstep time = new Lockstep();
        Machine machine = builder.build();
        SimulatedKernel sound = time.kernel(machine);
        Usage slow = new Usage() {
            @Override
            public Users scan() throws IOException {
                looks++;
                time.spend(1_500_000_000);
                return sound.usage().scan();
            }

            @Override
            public Traffic traffic(Device disk) throws IOException {
                return sound.usage().traffic(disk);
            }
        };
        BlockClaims unhurried = new BlockClaims() {
            @Override
            public Claim claim(Device disk) throws IOException {
                time.spend(10_000_000);
                return sound.claims().claim(disk);
            }

            @Override
            public VisibleUsers visibleUsers() {
                return sound.claims().visibleUsers();
            }
        };
        Kernel kernel = Altered.with(slow, Altered.with(unhurried, sound));
        Config config = Configs.config(mode, Map.of(), Map.of());
        CheckedRun checked =
                CheckedRun.of(machine, sound, Planner.assumingFree(config).plan(kernel.readTree()), time);
        checked.late(Verb.REBOOT, kernel, Duration.ofDays(1), event -> {});
        Timeline timeline = checked.execute();
        assertThat(timeline.downCount()).isEqualTo(DRIVES);
        return timeline;
    }

    @Test
    void parallelDrivesShareTwoScans() throws IOException {
        Timeline timeline = run(Mode.ON);

        assertThat(looks).isEqualTo(2);
        assertThat(timeline.took()).isLessThan(Duration.ofSeconds(7));
    }

    @Test
    void serialDrivesNeedAScanEach() throws IOException {
        run(Mode.SAFE);

        assertThat(looks).isEqualTo(DRIVES + 1);
    }
}
