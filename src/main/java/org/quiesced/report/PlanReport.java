// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.Latencies;
import org.quiesced.kernel.Verb;
import org.quiesced.kernel.simulated.KernelWalk;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Disposition.Lane;
import org.quiesced.plan.Disposition.LeftToKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Reason;
import org.quiesced.run.Rehearsal;

/** Makes of a plan what can be shown of it. */
public final class PlanReport {
    private final Plan plan;
    private final Latencies latencies;
    private final Verb verb;
    private final Duration deadline;
    private final Labels labels;

    /**
     * Makes a report.
     *
     * @param latencies what is known of how long devices take
     * @param deadline the deadline of a run
     */
    public PlanReport(Plan plan, Latencies latencies, Verb verb, Duration deadline) {
        this.plan = plan;
        this.latencies = latencies;
        this.verb = verb;
        this.deadline = deadline;
        this.labels = new Labels(plan.tree());
    }

    private Duration expected() {
        return Rehearsal.of(plan, latencies, verb, deadline).took();
    }

    private Duration alone() {
        return KernelWalk.duration(KernelWalk.steps(plan.tree(), latencies, verb, plan::handles));
    }

    /** Returns the plan as records that Jackson can write. */
    public PlanJson json() {
        List<PlanJson.Entry> entries = plan.driven().stream()
                .map(device -> new PlanJson.Entry(
                        device.name(),
                        device.path(),
                        labels.of(device),
                        device.driver().orElseThrow(),
                        word(plan.of(device)),
                        !isWithoutMethod(plan.of(device)),
                        method(plan.of(device)).map(ShutdownMethod::name),
                        plan.of(device) instanceof Handled handled
                                ? handled.method().steps(handled.target(), verb)
                                : List.of(),
                        plan.waitsFor(device).stream().map(Device::name).toList(),
                        labels.some(plan.waitsFor(device)),
                        why(plan.of(device)),
                        latencies.of(device).map(PlanReport::seconds)))
                .toList();
        return new PlanJson(
                verb.word(),
                entries,
                plan.warnings(),
                new PlanJson.Totals(
                        plan.count(Lane.PARALLEL),
                        plan.count(Lane.SERIAL),
                        entries.size() - plan.count(Lane.PARALLEL) - plan.count(Lane.SERIAL),
                        plan.driven().stream()
                                .filter(device -> plan.handles(device)
                                        && latencies.of(device).isEmpty())
                                .count(),
                        seconds(expected()),
                        seconds(alone())));
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static boolean isWithoutMethod(Disposition disposition) {
        return disposition instanceof LeftToKernel left && left.reason() instanceof Reason.NoMethod;
    }

    private static Optional<ShutdownMethod> method(Disposition disposition) {
        return disposition instanceof Handled handled ? Optional.of(handled.method()) : Optional.empty();
    }

    /** Returns the word for what becomes of a device: {@code parallel}, {@code serial}, {@code kernel} or {@code none}. */
    public static String word(Disposition disposition) {
        if (disposition instanceof Handled handled) {
            return handled.lane() == Lane.PARALLEL ? "parallel" : "serial";
        }
        return disposition instanceof LeftToKernel ? "kernel" : "none";
    }

    private static String why(Disposition disposition) {
        if (disposition instanceof Handled handled) {
            boolean said = handled.target().settings().shutdown().isPresent();
            return switch (handled.lane()) {
                case PARALLEL -> said ? "opted in" : "mode is on";
                case SERIAL -> said ? "opted in, one by one" : "supported, not opted in";
            };
        }
        return disposition instanceof LeftToKernel left ? left.reason().words() : "has no driver";
    }
}
