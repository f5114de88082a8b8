// SPDX-License-Identifier: Apache-2.0
package org.quiesced.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.run.PreparedPlan;
import org.quiesced.run.RandomMachine;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;

/** CPU time of planning and running for machines far larger than real ones, by the number of devices. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
public class RunBenchmark {
    /** Number of devices of the machine. */
    @Param({"1000", "10000", "100000"})
    public int devices;

    private Machine machine;

    /** Creates the machine. */
    @Setup
    public void makeMachine() {
        machine = RandomMachine.of(42, devices, new RandomMachine.Traits(true, true, false));
    }

    /** Plans and executes a run. */
    @Benchmark
    public Timeline planAndRun() {
        SimulatedKernel kernel = new SimulatedKernel(machine);
        Plan plan = new Planner(RandomMachine.CONFIG, kernel.claims()).plan(machine.tree());
        return new Run(new PreparedPlan(plan), Verb.REBOOT, kernel, kernel.workers(), Duration.ofDays(365), event -> {})
                .execute();
    }
}
