// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.hook.HookTalk;
import org.quiesced.hook.HostServices;
import org.quiesced.hook.Progress;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.log.Logging;
import org.quiesced.plan.Planner;
import org.quiesced.report.EventMessages;
import org.quiesced.run.PreparedPlan;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;

class ReportedRunTest {
    private static final HostServices HOST = QuietHost.in(Path.of("none"));

    private final List<String> story = new ArrayList<>();
    private final Progress progress = new Progress(Verb.REBOOT);
    private final ReportedRun reported;

    private final class Log extends Logging.NoLog {
        @Override
        public void begin() {
            story.add("begin");
        }

        @Override
        public void say(EventMessages.Message message) {
            story.add(message.text());
        }

        @Override
        public void carry(String line) {
            story.add("record " + line);
        }

        @Override
        public void drain() {
            story.add("drain");
        }
    }

    ReportedRunTest() {
        MachineBuilder builder = new MachineBuilder("one drive");
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(3));
        Machine machine = builder.build();
        SimulatedKernel kernel = new SimulatedKernel(machine);
        PreparedPlan ready = new PreparedPlan(Planner.assumingFree(Configs.config(Mode.ON, Map.of(), Map.of()))
                .plan(machine.tree()));
        CheckedRun checked = CheckedRun.of(machine, kernel, ready.plan());
        reported = new ReportedRun(
                ready,
                Verb.REBOOT,
                progress,
                Reported.to(new Log(), new EventStream()),
                () -> story.add("before"),
                listener -> checked.late(Verb.REBOOT, kernel, Duration.ofSeconds(80), listener));
    }

    @Test
    void beginningIsLoggedBeforeTheExecution() {
        assertThat(story).containsExactly("begin");
    }

    @Test
    void eventsAreLoggedInOrderAndTheEndIsLast() {
        Timeline timeline = reported.execute();

        assertThat(timeline.took()).isEqualTo(Duration.ofSeconds(3));
        assertThat(story)
                .startsWith(
                        "begin",
                        "reboot: the drives go down",
                        "before",
                        "nvme 0000:01:00.0 (nvme0) is down after 3.00s",
                        "end: 1 drive down, in 3.00s")
                .hasSize(7)
                .endsWith("drain");
        assertThat(story.get(5))
                .isEqualTo(
                        "record 1 boot reboot 100.000000 1 1/1 asked=0.000 end=0.000 0000:01:00.0,asked,0,0,0,3000,d");
    }

    @Test
    void progressFollowsTheEvents() throws InterruptedException {
        reported.execute();

        HeardAnswers heard = new HeardAnswers();
        HookTalk talk = new HookTalk(HOST, new Logging.NoLog(), device -> false, () -> {});
        talk.add(heard.hook(), Optional.empty(), progress, () -> {}, HookTalk.End.AT_ONCE);
        talk.stop();
        talk.serve();
        assertThat(heard.answers()).singleElement().asString().matches("1 handover 1 of 1 down, 0 to go, [0-9.]+m?s");
    }
}
