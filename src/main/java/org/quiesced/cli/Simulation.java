// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.quiesced.config.Config;
import org.quiesced.config.TimeSpan;
import org.quiesced.device.Device;
import org.quiesced.estimate.KernelWalk;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.method.DriverBinding;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.report.Comparison;
import org.quiesced.report.Labels;
import org.quiesced.report.PlanReport;
import org.quiesced.report.Tally;
import org.quiesced.run.Event;
import org.quiesced.run.PreparedPlan;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;

/**
 * The shutdown of a machine made of data, twice: by the stock kernel's walk, and by us with the kernel's walk over what
 * we left.
 */
public final class Simulation {
    private final Machine machine;
    private final Config config;
    private final Verb verb;
    private final Plan plan;

    /** Plans the shutdown of a machine. */
    public Simulation(Machine machine, Config config, Verb verb) {
        this.machine = machine;
        this.config = config;
        this.verb = verb;
        this.plan = Planner.foreseeing(config, new SimulatedKernel(machine).claims())
                .plan(machine.tree());
    }

    /** Returns the plan. */
    public Plan plan() {
        return plan;
    }

    /**
     * What came of a simulation.
     *
     * @param timeline our run
     * @param comparison both shutdowns
     * @param sentences how both went, in words
     */
    public record Result(Timeline timeline, Comparison comparison, List<String> sentences) {}

    /**
     * Runs the simulation.
     *
     * @param onAdvance receives each new virtual time before it is reached
     * @param listener receives each event
     */
    public Result run(LongConsumer onAdvance, Consumer<? super Event> listener) {
        SimulatedKernel kernel = new SimulatedKernel(machine, onAdvance, attempt -> true);
        kernel.letGo(DiskUser.Release.EARLY);
        kernel.letGo(DiskUser.Release.LATE);
        Timeline timeline =
                new Run(new PreparedPlan(plan), verb, kernel, kernel.workers(), config.deadline(), listener).execute();
        Set<Device> down = new HashSet<>();
        timeline.outcomes().stream().filter(Timeline.Outcome::isDown).forEach(outcome -> down.add(outcome.device()));
        List<KernelWalk.Step> stock = KernelWalk.steps(plan, machine, verb, device -> true);
        List<KernelWalk.Step> rest = KernelWalk.steps(plan, machine, verb, device -> !down.contains(device));
        return new Result(timeline, compare(timeline, stock, rest), sentences(timeline, stock, rest));
    }

    private Comparison compare(Timeline timeline, List<KernelWalk.Step> stock, List<KernelWalk.Step> rest) {
        Labels labels = new Labels(plan);
        List<Comparison.Span> ours = new ArrayList<>();
        for (Timeline.Outcome outcome : timeline.outcomes()) {
            if (outcome.isDown()) {
                ours.add(span(labels, outcome.device(), outcome.started().orElse(0L), outcome.ended()));
            }
        }
        long offset = timeline.took().toNanos();
        rest.forEach(step -> ours.add(span(labels, step.device(), offset + step.from(), offset + step.to())));
        return new Comparison(
                stock.stream()
                        .map(step -> span(labels, step.device(), step.from(), step.to()))
                        .toList(),
                ours);
    }

    private Comparison.Span span(Labels labels, Device device, long from, long to) {
        return new Comparison.Span(
                labels.of(device),
                device.driver().orElse(DriverBinding.NONE),
                PlanReport.word(plan.of(device)),
                from / 1e9,
                to / 1e9);
    }

    private List<String> sentences(Timeline timeline, List<KernelWalk.Step> stock, List<KernelWalk.Step> rest) {
        return List.of(
                "The kernel alone would take " + TimeSpan.format(KernelWalk.duration(stock))
                        + ", one device after the other.",
                "quiesced took " + TimeSpan.format(timeline.took()) + ": " + new Tally(plan).of(timeline)
                        + "; the kernel " + rest(KernelWalk.duration(rest)));
    }

    private static String rest(Duration rest) {
        return rest.isZero()
                ? "has nothing left to wait for."
                : "then takes " + TimeSpan.format(rest) + " for the rest.";
    }
}
