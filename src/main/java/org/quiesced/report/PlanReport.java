// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.kernel.Latencies;
import org.quiesced.kernel.TimeSpan;
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

/** A plan for people and for programs. */
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

    /**
     * Returns the plan as a table, with its totals.
     *
     * @param all whether to show also the devices that we have no method for
     */
    public List<String> text(boolean all) {
        Table table = new Table(Set.of(), "DEVICE", "DRIVER", "DISPOSITION", "METHOD", "WAITS FOR", "WHY");
        int hidden = 0;
        for (Device device : plan.driven()) {
            Disposition disposition = plan.of(device);
            if (!all && isWithoutMethod(disposition)) {
                hidden++;
                continue;
            }
            table.row(
                    labels.of(device),
                    device.driver().orElseThrow(),
                    word(disposition),
                    method(disposition).map(ShutdownMethod::name).orElse("-"),
                    labels.some(plan.waitsFor(device)),
                    why(disposition));
        }
        List<String> lines = new ArrayList<>(table.isEmpty() ? List.of() : table.lines());
        plan.warnings().forEach(warning -> lines.add("Warning: " + warning));
        if (!lines.isEmpty()) {
            lines.add("");
        }
        lines.add(totals());
        if (hidden > 0) {
            lines.add(hidden + " devices that quiesced has no method for are not shown (--all shows them).");
        }
        lines.add(times());
        return lines;
    }

    private String totals() {
        return plan.count(Lane.PARALLEL) + " in parallel, " + plan.count(Lane.SERIAL) + " one by one, "
                + (plan.driven().size() - plan.count(Lane.PARALLEL) - plan.count(Lane.SERIAL))
                + " left to the kernel.";
    }

    private String times() {
        long handled = plan.driven().stream().filter(plan::handles).count();
        long unknown = plan.driven().stream()
                .filter(device -> plan.handles(device) && latencies.of(device).isEmpty())
                .count();
        if (handled == 0) {
            return "Nothing to do at " + verb.word() + ".";
        }
        if (unknown == handled) {
            return "Expected time at " + verb.word() + ": unknown, for no drive says how long its shutdown takes.";
        }
        return "Expected time at " + verb.word() + ": " + TimeSpan.format(expected()) + "; the kernel alone would take "
                + TimeSpan.format(alone()) + " for the same devices."
                + (unknown == 0 ? "" : " Not counted: " + unknown + " that do not say how long they take.");
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
                        device.driver().orElseThrow(),
                        word(plan.of(device)),
                        method(plan.of(device)).map(ShutdownMethod::name),
                        plan.of(device) instanceof Handled handled
                                ? handled.method().steps(handled.target(), verb)
                                : List.of(),
                        plan.waitsFor(device).stream().map(Device::name).toList(),
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
