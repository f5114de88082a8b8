// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.List;
import java.util.Optional;
import org.quiesced.estimate.UnknownTimes;
import org.quiesced.method.DriverBinding;
import org.quiesced.plan.Plan;
import org.quiesced.run.Timeline;

/**
 * The JSON of a timeline. Times are in seconds since the run began.
 *
 * @param verb the verb of the shutdown
 * @param took duration of the run; null if no time of a device is known
 * @param down number of devices of any kind that are down
 * @param leftToKernel number of devices that were left to the kernel; a device that lost its driver and did not confirm
 *     its shutdown is in neither number
 * @param drives number of drives by outcome
 * @param devices the outcome of each device
 */
public record TimelineJson(
        String verb, Optional<Double> took, long down, long leftToKernel, OutcomeCounts drives, List<Entry> devices) {
    /**
     * One device; {@code start} is null if its shutdown never began, {@code start} and {@code end} if its time is
     * unknown, {@code reason} if it is {@link Outcome#DOWN}.
     */
    public record Entry(
            String device,
            String path,
            String label,
            String driver,
            boolean drive,
            DispositionType disposition,
            Optional<Double> start,
            Optional<Double> end,
            Outcome outcome,
            Optional<ReasonJson> reason) {}

    /** Converts the timeline of a plan's run. */
    public static TimelineJson of(Plan plan, Timeline timeline) {
        return of(plan, timeline, UnknownTimes.NONE);
    }

    /**
     * Converts the timeline of a simulated run.
     *
     * @param unknown the devices whose times are unknown
     */
    public static TimelineJson of(Plan plan, Timeline timeline, UnknownTimes unknown) {
        DeviceCounts counts = new DeviceCounts(plan);
        List<Entry> entries = timeline.outcomes().stream()
                .map(outcome -> new Entry(
                        outcome.device().name(),
                        outcome.device().path(),
                        counts.labels().of(outcome.device()),
                        outcome.device().driver().orElse(DriverBinding.NONE),
                        counts.isDrive(outcome.device()),
                        DispositionType.of(plan.of(outcome.device())),
                        outcome.started()
                                .filter(start -> isTimed(outcome, unknown))
                                .map(start -> start / 1e9),
                        Optional.of(outcome.ended() / 1e9).filter(end -> isTimed(outcome, unknown)),
                        Outcome.of(outcome),
                        outcome.leftBecause()
                                .map(ReasonJson::of)
                                .or(() -> outcome.ending().flatMap(ReasonJson::of))))
                .toList();
        return new TimelineJson(
                timeline.verb().word(),
                unknown.isAll() ? Optional.empty() : Optional.of(PlanReport.seconds(timeline.took())),
                timeline.downCount(),
                timeline.leftCount(),
                counts.drives(timeline),
                entries);
    }

    /** Returns whether the time of a device is known; that at which one was left to the kernel always is. */
    private static boolean isTimed(Timeline.Outcome outcome, UnknownTimes unknown) {
        return !unknown.contains(outcome.device());
    }
}
