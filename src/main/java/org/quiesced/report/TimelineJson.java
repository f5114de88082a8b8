// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.List;
import java.util.Optional;
import org.quiesced.method.DriverBinding;
import org.quiesced.plan.Plan;
import org.quiesced.run.Timeline;

/**
 * A timeline as JSON has it. Times are in seconds since the run began.
 *
 * @param verb what the machine was about to do
 * @param took how long the run took
 * @param down how many devices of any kind we brought down
 * @param leftToKernel how many we left; a device that lost its driver and did not confirm its shutdown is in neither
 *     number
 * @param sums what came of the run in words, counted in drives
 * @param devices what became of each
 */
public record TimelineJson(String verb, double took, long down, long leftToKernel, String sums, List<Entry> devices) {
    /**
     * One device; {@code start} is null if its shutdown never began. The outcome is {@code down}, {@code not_stopped}
     * or {@code not_notified} (which are down too), {@code unconfirmed} or {@code kernel}; {@code reason} is null if it
     * is {@code down}.
     */
    public record Entry(
            String device,
            String path,
            String driver,
            String disposition,
            Optional<Double> start,
            double end,
            String outcome,
            Optional<ReasonJson> reason) {}

    /** Makes the JSON of a run of a plan. */
    public static TimelineJson of(Plan plan, Timeline timeline) {
        List<Entry> entries = timeline.outcomes().stream()
                .map(outcome -> new Entry(
                        outcome.device().name(),
                        outcome.device().path(),
                        outcome.device().driver().orElse(DriverBinding.NONE),
                        PlanReport.word(plan.of(outcome.device())),
                        outcome.started().map(start -> start / 1e9),
                        outcome.ended() / 1e9,
                        Outcome.of(outcome).word(),
                        outcome.leftBecause()
                                .map(ReasonJson::of)
                                .or(() -> outcome.ending().flatMap(ReasonJson::of))))
                .toList();
        return new TimelineJson(
                timeline.verb().word(),
                PlanReport.seconds(timeline.took()),
                timeline.downCount(),
                timeline.leftCount(),
                new DeviceCounts(plan).of(timeline),
                entries);
    }
}
