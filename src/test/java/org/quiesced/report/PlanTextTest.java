// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.kernel.simulated.BuiltInMachines;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.shutdown.Verb;
import tools.jackson.databind.json.JsonMapper;

/** The table of a plan. */
class PlanTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "mode = \"safe\"",
                "mode = \"on\"",
                "mode = \"off\"",
                "mode = \"safe\"\n[driver.nvme]\nshutdown = \"parallel\"\n[device.nvme3]\nshutdown = \"kernel\"",
                "mode = \"safe\"\n[driver.nvme]\nshutdown = \"serial\""
            })
    void planReceivedFromTheDaemonReadsAsALocalPlan(String text) throws Exception {
        Config config = Configs.FILES.parse("quiesced.toml", text);
        Machine machine = BuiltInMachines.byName("nvme-24").orElseThrow();
        Plan plan = Planner.foreseeing(config, new SimulatedKernel(machine).claims())
                .plan(machine.tree());
        PlanJson made = new PlanReport(plan, machine, Verb.REBOOT, config).json();
        PlanJson sent = JsonMapper.shared().readValue(JsonMapper.shared().writeValueAsString(made), PlanJson.class);

        assertThat(sent.summary()).isEqualTo(new PlanReport(plan, machine, Verb.REBOOT, config).summary());
        assertThat(PlanText.of(sent, true).lines())
                .isEqualTo(PlanText.of(made, true).lines())
                .hasSizeGreaterThan(24);
    }
}
