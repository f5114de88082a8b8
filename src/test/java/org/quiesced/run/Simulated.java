// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.quiesced.config.Config;
import org.quiesced.device.Device;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.OperationLog.Operation;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.shutdown.Verb;

/** A run on a simulated machine, with the timeline of the run and the log of the machine. */
record Simulated(Machine machine, Plan plan, SimulatedKernel kernel, Timeline timeline) {
    static Simulated run(Machine machine, Config config, Verb verb, Duration deadline, IntPredicate workerCanStart) {
        SimulatedKernel kernel = new SimulatedKernel(machine, time -> {}, workerCanStart);
        Plan plan = new Planner(config, kernel.claims()).plan(machine.tree());
        CheckedRun run = CheckedRun.of(machine, kernel, plan);
        run.late(verb, kernel, deadline, event -> {});
        return new Simulated(machine, plan, kernel, run.execute());
    }

    static Simulated run(Machine machine, Config config) {
        return run(machine, config, Verb.REBOOT, Duration.ofDays(365), attempt -> true);
    }

    Device device(String name) {
        return machine.tree().devices().stream()
                .filter(device -> device.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the first operation on a device in the machine's log; empty if there is none. */
    Optional<Operation> operation(Device device) {
        return kernel.log().operations().stream()
                .filter(operation -> operation.device().equals(device))
                .findFirst();
    }

    /** Returns the beginning and the end of a device's shutdown by the machine's log, in milliseconds. */
    long[] span(String name) {
        Operation operation = operation(device(name)).orElseThrow();
        return new long[] {operation.from() / 1_000_000, operation.to() / 1_000_000};
    }

    Timeline.Outcome outcome(String name) {
        return Outcomes.of(timeline, name);
    }

    String whyLeft(String name) {
        return outcome(name).leftBecause().orElseThrow().describe();
    }
}
