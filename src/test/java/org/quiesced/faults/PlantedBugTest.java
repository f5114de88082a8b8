// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.plan.Plan;
import org.quiesced.shutdown.Verb;

/** A trial of a few devices, with a bug that a test plants between the run and the kernel. */
abstract class PlantedBugTest {
    static final Config PARALLEL = Configs.config(Mode.ON, Map.of(), Map.of());
    static final Duration SECOND = Duration.ofSeconds(1);

    final MachineBuilder builder = new MachineBuilder("canary");
    final Lockstep.Threads threads = new Lockstep.Threads();
    UnaryOperator<Plan> tampering = UnaryOperator.identity();
    List<Injection> injections = List.of();
    Verb verb = Verb.POWEROFF;
    Course course = Course.LATE_ALONE;

    String drive() {
        return builder.nvme("/devices/pci0000:00", "0000:01:00.0", SECOND);
    }

    String disk(String address) {
        return builder.scsiDisk("/devices/pci0000:00/host0", address, SECOND);
    }

    Trial trial(Config config, Trial.Disguise disguise) {
        Machine machine = builder.build();
        return Trial.of(
                new Scenario("canary", verb, course, 1, injections),
                new Stage(machine, machine, config, true, tampering),
                threads,
                Trial.DEADLINE,
                disguise);
    }

    void assertFound(String rule, Config config, Trial.Disguise disguise) {
        assertThat(trial(config, disguise).complaints()).isNotEmpty().allMatch(complaint -> complaint.startsWith(rule));
    }

    void assertNothingFound(Config config) {
        assertThat(trial(config, (kernel, time) -> kernel).complaints()).isEmpty();
    }

    /** Injects an error, by its number, into the first call of a site. */
    void inject(Site site, Wrong.Kind kind, int number) {
        Call call = trial(PARALLEL, (kernel, time) -> kernel).kernel().calls().stream()
                .filter(one -> one.site == site)
                .findFirst()
                .orElseThrow();
        injections = List.of(new Injection(call.number, new Wrong(kind, number), false));
    }
}
