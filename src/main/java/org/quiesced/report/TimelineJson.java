// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.List;
import java.util.Optional;
import org.quiesced.plan.Plan;
import org.quiesced.run.Timeline;

/**
 * A timeline as JSON has it. Times are in seconds since the run began.
 *
 * @param verb what the machine was about to do
 * @param took how long the run took
 * @param down how many devices of any kind we brought down
 * @param leftToKernel how many we left
 * @param sums what came of the run in words, counted in drives
 * @param devices what became of each
 */
public record TimelineJson(String verb, double took, long down, long leftToKernel, String sums, List<Entry> devices) {
    /** One device; {@code start} is null if its shutdown never began, {@code reason} if it is down. */
    public record Entry(
            String device,
            String path,
            String driver,
            String disposition,
            Optional<Double> start,
            double end,
            String outcome,
            Optional<String> reason) {}

    /** Makes the JSON of a run of a plan. */
    public static TimelineJson of(Plan plan, Timeline timeline) {
        List<Entry> entries = timeline.outcomes().stream()
                .map(outcome -> new Entry(
                        outcome.device().name(),
                        outcome.device().path(),
                        outcome.device().driver().orElseThrow(),
                        PlanReport.word(plan.of(outcome.device())),
                        outcome.started().map(start -> start / 1e9),
                        outcome.ended() / 1e9,
                        outcome.isDown() ? "down" : "kernel",
                        outcome.leftBecause().map(reason -> reason.words())))
                .toList();
        return new TimelineJson(
                timeline.verb().word(),
                PlanReport.seconds(timeline.took()),
                timeline.downCount(),
                entries.size() - timeline.downCount(),
                new Tally(plan.tree()).of(timeline),
                entries);
    }
}
