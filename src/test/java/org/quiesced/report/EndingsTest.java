// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.device.Device;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.method.Ending;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.run.Event;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;

/** Messages about devices whose driver is gone and that are not simply down. */
class EndingsTest {
    private final MachineBuilder builder = new MachineBuilder("endings");
    private final List<String> said = new ArrayList<>();
    private Plan plan;

    private Timeline run(Verb verb) {
        Machine machine = builder.build();
        SimulatedKernel kernel = new SimulatedKernel(machine);
        plan = Planner.assumingFree(Configs.config(Mode.ON, Map.of(), Map.of())).plan(kernel.readTree());
        EventMessages messages = new EventMessages(plan, EventMessages.Severity.INFO);
        CheckedRun checked = CheckedRun.of(machine, kernel, plan);
        checked.late(
                verb,
                kernel,
                Duration.ofMinutes(2),
                event -> messages.of(event).ifPresent(message -> said.add(message.severity() + " " + message.text())));
        Timeline timeline = checked.execute();
        said.add(messages.end(timeline).text());
        return timeline;
    }

    @Test
    void unconfirmedDriveIsAWarning() {
        builder.fault(builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(8)), Fault.UNCONFIRMED);
        builder.nvme("/devices/pci", "0000:02:00.0", Duration.ofSeconds(3));
        TimelineJson json = TimelineJson.of(plan(run(Verb.REBOOT)), timeline);

        assertThat(said)
                .containsExactly(
                        "INFO nvme 0000:02:00.0 (nvme1) is down after 3.00s",
                        "WARNING nvme 0000:01:00.0 (nvme0) is unbound, but did not confirm its shutdown within 8.00s"
                                + " (after 8.00s)",
                        "end: 1 drive down, 1 drive unbound but not confirmed (nvme0), in 8.00s");
        assertThat(json.down()).isEqualTo(1);
        assertThat(json.leftToKernel()).isZero();
        assertThat(json.devices())
                .filteredOn(entry -> entry.outcome() == Outcome.UNCONFIRMED)
                .singleElement()
                .satisfies(entry -> assertThat(entry.reason().map(ReasonJson::describe))
                        .hasValueSatisfying(messages -> assertThat(messages).contains("8.00s")));
    }

    @Test
    void failedStopForTheLateVerbIsAWarning() {
        builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(6));
        run(Verb.REBOOT);
        EventMessages messages = new EventMessages(plan, EventMessages.Severity.INFO);
        Device disk = plan.driven().get(0);

        assertThat(messages.of(new Event.Finished(disk, 9, new Ending.NotStopped("no answer"))))
                .contains(new EventMessages.Message(
                        EventMessages.Severity.WARNING, "sd 0:0:0:0 (sda) is down, but not stopped: no answer"));
        assertThat(messages.of(new Event.Finished(disk, 9, new Ending.Down()))).isEmpty();
    }

    @Test
    void diskThatDidNotStopIsDown() {
        builder.fault(builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(6)), Fault.STOP_FAILS);
        TimelineJson json = TimelineJson.of(plan(run(Verb.POWEROFF)), timeline);

        assertThat(said)
                .containsExactly(
                        "WARNING sd 0:0:0:0 (sda) is down, but not stopped: 0:0:0:0: START STOP UNIT failed:"
                                + " hardware error (after 0ms)",
                        "end: 1 drive down (not stopped: sda), in 0ms");
        assertThat(json.devices()).singleElement().satisfies(entry -> {
            assertThat(entry.outcome()).isEqualTo(Outcome.NOT_STOPPED);
            assertThat(entry.reason()).isPresent();
        });
    }

    private Timeline timeline;

    private Plan plan(Timeline ran) {
        timeline = ran;
        return plan;
    }
}
