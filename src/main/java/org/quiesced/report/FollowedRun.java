// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.quiesced.config.TimeSpan;

/** Summarizes a run from its events. */
public final class FollowedRun {
    private final Map<String, PlanJson.Entry> known = new LinkedHashMap<>();
    private final Map<String, EventJson> settled = new LinkedHashMap<>();

    /**
     * Creates a summary without events.
     *
     * @param known the devices of the plan, for their names
     */
    public FollowedRun(Collection<PlanJson.Entry> known) {
        known.forEach(entry -> this.known.put(entry.path(), entry));
    }

    /** Returns the device of an event, if it was in the plan. */
    public Optional<PlanJson.Entry> device(EventJson event) {
        return event.device().map(known::get);
    }

    /** Adds an event. */
    public void accept(EventJson event) {
        event.device().ifPresent(path -> {
            switch (event.kind()) {
                case DONE, FINISHED, LEFT -> settled.put(path, event);
                case RESTORED -> settled.remove(path);
                default -> {
                    // Does not settle an outcome.
                }
            }
        });
    }

    /**
     * Returns the result of the run, for example {@code 12 drives down, in 3.20 s}. Names no device if events of some
     * drive were missed.
     */
    public String end(EventJson end) {
        String took = ", in " + TimeSpan.format(end.at());
        long drives = settled.keySet().stream()
                .filter(path -> Optional.ofNullable(known.get(path))
                        .filter(PlanJson.Entry::drive)
                        .isPresent())
                .count();
        Optional<OutcomeCounts> counts = end.drives().filter(all -> all.all() != drives);
        if (counts.isPresent()) {
            return counts.get().describe() + took;
        }
        RunSums sums = new RunSums();
        known.keySet().forEach(path -> Optional.ofNullable(settled.remove(path)).ifPresent(event -> add(sums, event)));
        settled.values().forEach(event -> add(sums, event));
        return sums.describe() + took;
    }

    private void add(RunSums sums, EventJson event) {
        Sums.Item item = device(event).map(PlanJson.Entry::item).orElseGet(() -> unknown(event));
        if (event.kind() == EventJson.Kind.LEFT) {
            event.reason().ifPresent(reason -> sums.left(reason.left(item)));
        } else {
            sums.ended(item, event.reason().map(ReasonJson::type));
        }
    }

    private static Sums.Item unknown(EventJson event) {
        String path = event.device().orElse("");
        return new Sums.Item(path.substring(path.lastIndexOf('/') + 1), false);
    }
}
