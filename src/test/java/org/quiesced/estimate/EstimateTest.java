// SPDX-License-Identifier: Apache-2.0
package org.quiesced.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.OnMachines;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.run.RandomMachine;
import org.quiesced.shutdown.Verb;
import org.quiesced.simulation.DryRun;

/** The estimate equals the time of a run in which each device takes its expected time. */
class EstimateTest {
    private static final Duration NEVER = Duration.ofDays(36_500);

    private static void assertAsLongAsARun(Machine machine, Config config, Verb verb, Duration deadline) {
        Plan plan = Planner.assumingFree(config).plan(machine.tree());

        assertThat(Estimate.of(plan, machine, verb, deadline))
                .as("%s, %s, %s", machine.name(), config.mode(), verb)
                .isEqualTo(DryRun.of(plan, machine, verb, deadline).took());
    }

    @OnMachines
    void estimateOfABuiltInMachineEqualsItsRun(Machine machine, Mode mode, Verb verb) {
        assertAsLongAsARun(machine, Configs.config(mode, Map.of(), Map.of()), verb, NEVER);
    }

    @Property(tries = 200)
    void estimateOfARandomMachineEqualsItsRun(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int size) {
        Machine machine = RandomMachine.of(seed, size, new RandomMachine.Traits(true, false, true));

        assertAsLongAsARun(machine, RandomMachine.CONFIG, Verb.POWEROFF, NEVER);
    }

    @OnMachines
    void estimateIsLimitedByTheDeadline(Machine machine) {
        assertAsLongAsARun(machine, Configs.config(Mode.ON, Map.of(), Map.of()), Verb.POWEROFF, Duration.ofSeconds(1));
    }
}
