// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.WalkMode;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;

/** Devices that a kernel with a parallel shutdown gets, and those that stay with the run. */
class LeftToParallelKernelTest {
    private static final String PCI = "/devices/pci";

    private final SteppedRun stepped = new SteppedRun();

    @Test
    void drivesThatAreNotOptedInAreLeftToAParallelKernel() {
        stepped.builder.scsiDisk(PCI + "/host0", "0:0:0:0", SteppedRun.SECOND);
        stepped.builder.nvme(PCI, "0000:01:00.0", SteppedRun.SECOND);
        String platform = stepped.builder.device("/devices/platform", "p", "platform", "plain");
        Config config = Configs.config(
                Mode.SAFE,
                Map.of(
                        "nvme", Configs.settings(Settings.Shutdown.PARALLEL),
                        "plain", Configs.settings(Settings.Method.UNBIND)),
                Map.of());
        DeviceTree tree = stepped.builder.build().tree();
        Planner planner = Planner.assumingFree(config);

        assertThat(handled(planner.plan(tree))).containsExactly("0:0:0:0", "0000:01:00.0", "p");
        Plan plan = planner.withWalk(WalkMode.ASYNCHRONOUS).plan(tree);
        assertThat(handled(plan)).containsExactly("0000:01:00.0", "p");
        assertThat(tree.find(platform)).map(plan::handles).contains(true);
    }

    @Test
    void serialOptInStaysWithTheRunOnAParallelKernel() {
        stepped.builder.scsiDisk(PCI + "/host0", "0:0:0:0", SteppedRun.SECOND);
        Config config = Configs.config(Mode.SAFE, Map.of("sd", Configs.settings(Settings.Shutdown.SERIAL)), Map.of());

        assertThat(handled(Planner.assumingFree(config)
                        .withWalk(WalkMode.ASYNCHRONOUS)
                        .plan(stepped.builder.build().tree())))
                .containsExactly("0:0:0:0");
    }

    private static List<String> handled(Plan plan) {
        return plan.driven().stream().filter(plan::handles).map(Device::name).toList();
    }
}
