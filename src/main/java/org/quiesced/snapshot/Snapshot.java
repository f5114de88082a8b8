// SPDX-License-Identifier: Apache-2.0
package org.quiesced.snapshot;

import java.util.Set;
import org.quiesced.config.Config;
import org.quiesced.plan.Plan;
import org.quiesced.plan.ReportedLatencies;
import org.quiesced.run.PreparedPlan;

/**
 * State that is ready at a moment: all that a shutdown needs, and what is reported of it until then. Immutable; a newer
 * one replaces it whole.
 *
 * @param config the configuration in force
 * @param ready the prepared plan that a shutdown carries out, which takes each disk for free until it is tried
 * @param seen the plan as it would be if the shutdown came now, by what can be seen of the disks' users without opening
 *       them
 * @param used the paths of the disks that had a visible exclusive user when {@code seen} was made
 * @param latencies how long devices say that they take, or are expected to
 * @param expected how long a run will take
 * @param summary one line about all of it, as {@link Summary} has it
 */
public record Snapshot(
        Config config,
        PreparedPlan ready,
        Plan seen,
        Set<String> used,
        ReportedLatencies latencies,
        Expected expected,
        String summary) {
    /** Copies the set. */
    public Snapshot {
        used = Set.copyOf(used);
    }

    /** Returns the same with other times that devices report. */
    public Snapshot with(ReportedLatencies others) {
        return of(config, ready, seen, used, others.with(latencies.usual()));
    }

    static Snapshot of(Config config, PreparedPlan ready, Plan seen, Set<String> used, ReportedLatencies latencies) {
        Expected expected = Expected.of(config, seen, latencies);
        String summary = new Summary(config, seen, latencies).line();
        return new Snapshot(config, ready, seen, used, latencies, expected, summary);
    }
}
