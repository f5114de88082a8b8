// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.quiesced.config.Config;
import org.quiesced.config.TimeSpan;
import org.quiesced.device.Device;
import org.quiesced.estimate.Handover;
import org.quiesced.estimate.KernelWalk;
import org.quiesced.estimate.UnknownTimes;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.WalkMode;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.method.DriverBinding;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.report.Comparison;
import org.quiesced.report.DeviceCounts;
import org.quiesced.report.DispositionType;
import org.quiesced.report.Labels;
import org.quiesced.report.UnknownTimesText;
import org.quiesced.run.Event;
import org.quiesced.run.PreparedPlan;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;

/**
 * Simulates the shutdown of a machine description twice: by the kernel's walk alone, and by quiesced with the kernel's
 * walk over the remaining devices.
 */
public final class Simulation {
    private final Machine machine;
    private final Config config;
    private final Verb verb;
    private final Plan plan;
    private final UnknownTimes unknown;

    /** Creates a simulation and plans the shutdown. */
    public Simulation(Machine machine, Config config, Verb verb) {
        this.machine = machine;
        this.config = config;
        this.verb = verb;
        this.plan = plan(machine, config);
        this.unknown = UnknownTimes.of(plan, machine, verb);
    }

    /** Plans the shutdown of a machine description. */
    static Plan plan(Machine machine, Config config) {
        SimulatedKernel kernel = new SimulatedKernel(machine);
        return Planner.foreseeing(config, kernel.claims())
                .withWalk(WalkMode.of(kernel.drivers()))
                .plan(machine.tree());
    }

    /** Returns the plan. */
    public Plan plan() {
        return plan;
    }

    /** Returns the devices whose times are unknown, which take no time in the simulation. */
    UnknownTimes unknown() {
        return unknown;
    }

    /**
     * The result of a simulation.
     *
     * @param timeline the run of quiesced
     * @param comparison both shutdowns
     * @param sentences a summary of both
     */
    public record Result(Timeline timeline, Comparison comparison, List<String> sentences) {}

    /**
     * Runs the simulation.
     *
     * @param onAdvance called before virtual time advances, with the new time in nanoseconds
     * @param listener called for each event
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
        Handover handover = handsOver() ? Handover.of(timeline) : Handover.none(timeline);
        List<KernelWalk.Step> rest =
                KernelWalk.steps(plan, machine, verb, device -> !down.contains(device), handover.inFlight());
        return new Result(
                timeline, compare(timeline, stock, rest, handover.at()), sentences(timeline, stock, rest, handover));
    }

    private boolean handsOver() {
        return config.handsOver(plan.walk());
    }

    private Comparison compare(
            Timeline timeline, List<KernelWalk.Step> stock, List<KernelWalk.Step> rest, long offset) {
        Labels labels = new Labels(plan);
        List<Comparison.Span> ours = new ArrayList<>();
        for (Timeline.Outcome outcome : timeline.outcomes()) {
            if (outcome.isDown()) {
                ours.add(span(labels, outcome.device(), outcome.started().orElse(0L), outcome.ended()));
            }
        }
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
                DispositionType.of(plan.of(device)).word(),
                from / 1e9,
                to / 1e9);
    }

    private List<String> sentences(
            Timeline timeline, List<KernelWalk.Step> stock, List<KernelWalk.Step> rest, Handover handover) {
        String at = "At " + verb.word();
        if (unknown.isAll()) {
            return List.of(
                    at + ", the time that the kernel alone would take is " + UnknownTimesText.REASON + ".",
                    "quiesced: " + new DeviceCounts(plan).of(timeline) + ".");
        }
        boolean isParallel = plan.walk() == WalkMode.ASYNCHRONOUS;
        return Stream.concat(
                        Stream.of(
                                at + ", the kernel alone would take " + TimeSpan.inWords(KernelWalk.duration(stock))
                                        + (isParallel
                                                ? ", PCI and SCSI devices in parallel."
                                                : ", one device after the other."),
                                "quiesced took " + TimeSpan.inWords(timeline.took()) + ": "
                                        + new DeviceCounts(plan).of(timeline) + "; the kernel "
                                        + rest(KernelWalk.duration(rest), handover)),
                        UnknownTimesText.notCounted(unknown.count()).stream())
                .toList();
    }

    private String rest(Duration rest, Handover handover) {
        if (rest.isZero()) {
            return unknown.left().isEmpty()
                    ? "has no device left to wait for."
                    : "then takes an unknown time for the rest.";
        }
        String when = handover.inFlight().isEmpty()
                ? "then takes "
                : "begins " + TimeSpan.format(Duration.ofNanos(handover.at())) + " after quiesced and takes ";
        return when + TimeSpan.format(rest) + " for the rest.";
    }
}
