// SPDX-License-Identifier: Apache-2.0
package org.quiesced.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.device.Device;
import org.quiesced.kernel.Latencies;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.shutdown.Verb;

/** The time of a run is expected only if the time of each drive is known. */
class ExpectedTest {
    private static final Duration TIME = Duration.ofSeconds(3);

    private static Expected expected(Latencies latencies) throws Exception {
        MachineBuilder builder = new MachineBuilder("array");
        String drive = builder.nvme("/devices/pci", "0000:01:00.0", TIME);
        builder.classDevice("/devices/virtual/block/md0", "block", Map.of());
        builder.link("/devices/virtual/block/md0", drive + "/nvme/nvme0/nvme0n1", false);
        Config config =
                Configs.FILES.parse("test.toml", "release = [\"md\"]\n[driver.nvme]\nshutdown = \"parallel\"\n");
        Plan plan = Planner.assumingFree(config).plan(new SimulatedKernel(builder.build()).readTree());
        assertThat(plan.driven()).filteredOn(plan::handles).hasSize(2).anyMatch(Device::isHolder);
        return Expected.of(config, plan, latencies);
    }

    @Test
    void stoppedHolderNeedsNoKnownTime() throws Exception {
        Expected expected = expected(device -> device.isHolder() ? Optional.empty() : Optional.of(TIME));

        assertThat(expected.of(Verb.REBOOT)).contains(TIME);
        assertThat(expected.of(Verb.POWEROFF)).contains(TIME);
    }

    @Test
    void unknownTimeOfADriveMakesTheExpectationUnknown() throws Exception {
        assertThat(expected(device -> Optional.empty())).isEqualTo(Expected.NOTHING);
    }
}
