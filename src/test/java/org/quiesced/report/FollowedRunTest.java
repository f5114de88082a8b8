// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.kernel.simulated.BuiltInMachines;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.run.Event;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;
import org.quiesced.simulation.DryRun;
import tools.jackson.databind.json.JsonMapper;

/** The totals of a run that is followed over the control socket. */
class FollowedRunTest {
    @ParameterizedTest
    @CsvSource({"nvme-24, nvme, 23", "sas-60, sd, 59"})
    void areThoseOfTheLog(String name, String driver, int down) throws Exception {
        String opted = name.equals("nvme-24") ? "nvme3" : "sda";
        Config config = Configs.FILES.parse(
                "quiesced.toml",
                "[driver.%s]\nshutdown = \"parallel\"\n[device.%s]\nshutdown = \"kernel\"".formatted(driver, opted));
        Machine machine = BuiltInMachines.byName(name).orElseThrow();
        Plan plan = Planner.foreseeing(config, new SimulatedKernel(machine).claims())
                .plan(machine.tree());
        Timeline timeline = DryRun.of(plan, machine, Verb.REBOOT, config.deadline());
        EventMessages log = new EventMessages(plan, EventMessages.Severity.INFO);
        FollowedRun followed = new FollowedRun(
                new PlanReport(plan, machine, Verb.REBOOT, config).json().devices());

        for (Event event : timeline.events()) {
            followed.accept(received(EventJson.of(event)));
        }
        EventJson end = received(EventJson.end(timeline.took().toNanos(), new DeviceCounts(plan).drives(timeline)));

        assertThat("end: " + followed.end(end)).isEqualTo(log.end(timeline).text());
        assertThat(end.drives().map(OutcomeCounts::down)).contains((long) down);
        assertThat(end.drives().map(OutcomeCounts::kernel).orElseThrow()).isPositive();
    }

    @Test
    void nameNoDeviceIfEventsWereMissed() {
        EventJson end = EventJson.end(3_200_000_000L, new OutcomeCounts(11, 1, 0, 2, 3));

        assertThat(new FollowedRun(List.of()).end(end))
                .isEqualTo("12 drives down (1 not stopped), 2 not confirmed, 3 left to the kernel, in 3.20s");
    }

    private static EventJson received(EventJson sent) {
        return JsonMapper.shared().readValue(JsonMapper.shared().writeValueAsString(sent), EventJson.class);
    }
}
