// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.WalkMode;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.shutdown.Verb;

/** Executes a run with the plan of one machine on the kernel of another, and checks its end. */
final class RunOnChangedMachine {
    static final Duration NEVER = Duration.ofDays(36_500);

    private RunOnChangedMachine() {}

    /** Executes a run with the plan of one machine on the kernel of another. */
    static Timeline run(DeviceTree planned, Machine machine, Kernel kernel, SimulatedKernel simulated) {
        Plan plan = Planner.assumingFree(RandomMachine.CONFIG)
                .withWalk(WalkMode.of(kernel.drivers()))
                .plan(planned);
        CheckedRun run = CheckedRun.of(machine, simulated, plan);
        run.late(Verb.REBOOT, kernel, NEVER, event -> {});
        return run.execute();
    }

    static Timeline run(DeviceTree planned, Machine machine) {
        SimulatedKernel kernel = new SimulatedKernel(machine);
        return run(planned, machine, kernel, kernel);
    }

    /**
     * Asserts that each device of the plan has exactly one outcome, and that the run takes no longer than its devices.
     */
    static void assertEnded(DeviceTree planned, Machine machine, Timeline timeline) {
        Map<Device, Integer> ends = new HashMap<>();
        timeline.events().stream().filter(Event::isLast).forEach(event -> ends.merge(event.device(), 1, Integer::sum));
        List<Device> driven = planned.devices().stream()
                .filter(device -> device.driver().isPresent())
                .toList();
        assertThat(ends.keySet()).containsExactlyInAnyOrderElementsOf(driven);
        assertThat(ends.values()).allMatch(count -> count == 1);
        Duration sum = machine.latencies().values().stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(timeline.took()).isLessThanOrEqualTo(sum);
    }
}
