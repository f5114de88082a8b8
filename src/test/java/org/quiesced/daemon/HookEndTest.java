// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.hook.HookTalk.End;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.plan.Planner;
import org.quiesced.run.PreparedPlan;
import org.quiesced.shutdown.Verb;

/** A hook before an exitrd returns at once, unless the kernel would then omit a step. */
class HookEndTest {
    private static final Config CONFIG =
            Configs.config(Mode.ON, Map.of("vfio-pci", Configs.settings(Settings.Method.NVME_REGISTERS)), Map.of());

    private final MachineBuilder builder = new MachineBuilder("hook-end");

    @BeforeEach
    void oneDrive() {
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ZERO);
    }

    private End end(Verb verb, boolean followed) {
        PreparedPlan prepared = new PreparedPlan(
                Planner.assumingFree(CONFIG).plan(builder.build().tree()));
        return HookEnd.of(CONFIG, prepared, verb, followed);
    }

    @Test
    void hookBeforeAnExitrdLeavesDrivesToTheKernelWalk() {
        assertThat(end(Verb.REBOOT, true)).isEqualTo(End.AT_ONCE);
    }

    @Test
    void hookBeforeAnExitrdWaitsForDisksToBeStopped() {
        builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ZERO);

        assertThat(end(Verb.POWEROFF, true)).isEqualTo(End.WITH_THE_KERNEL);
        assertThat(end(Verb.REBOOT, true)).as("a reboot stops no disk").isEqualTo(End.AT_ONCE);
    }

    @Test
    void hookBeforeAnExitrdDoesNotWaitForDrivesWithoutKernelDriver() {
        String drive = builder.nvmeWithoutDriver("/devices/pci", "0000:02:00.0", "vfio-pci", Duration.ZERO);
        PreparedPlan prepared = new PreparedPlan(
                Planner.assumingFree(CONFIG).plan(builder.build().tree()));
        assertThat(prepared.devices()).extracting(device -> device.path()).contains(drive);

        assertThat(end(Verb.REBOOT, true)).isEqualTo(End.AT_ONCE);
        assertThat(end(Verb.POWEROFF, true)).isEqualTo(End.AT_ONCE);
    }

    @Test
    void hookWithoutAnExitrdWaitsForTheRun() {
        assertThat(end(Verb.REBOOT, false)).isEqualTo(End.WITH_THE_RUN);
    }
}
