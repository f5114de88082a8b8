// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.List;
import java.util.Optional;
import org.quiesced.method.DriverBinding;
import org.quiesced.plan.Plan;
import org.quiesced.run.Timeline;

/**
 * The JSON of a timeline. Times are in seconds since the run began.
 *
 * @param verb poweroff, reboot, halt or kexec
 * @param took the duration of the run
 * @param down number of devices of any kind that were shut down
 * @param leftToKernel number of devices that were left to the kernel; neither number includes devices that lost their
 *     drivers without confirming their shutdown
 * @param sums the result of the run in words, counted in drives
 * @param devices the outcome of each device
 */
public record TimelineJson(String verb, double took, long down, long leftToKernel, String sums, List<Entry> devices) {
    /**
     * One device. The outcome is {@code down}, {@code not_stopped} or {@code not_notified} (which are down too), {@code
     * unconfirmed} or {@code kernel}.
     *
     * @param start null if its shutdown never began
     * @param reason null if the outcome is {@code down}
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

    /** Converts the timeline of a plan's run. */
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
