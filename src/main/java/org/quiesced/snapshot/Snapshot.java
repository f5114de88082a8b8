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
 * @param latencies how long devices say that they take
 * @param summary one line about all of it, as {@link Summary} has it
 */
public record Snapshot(
        Config config, PreparedPlan ready, Plan seen, Set<String> used, ReportedLatencies latencies, String summary) {
    /** Copies the set. */
    public Snapshot {
        used = Set.copyOf(used);
    }

    /** Returns the same with other times. */
    public Snapshot with(ReportedLatencies others) {
        return of(config, ready, seen, used, others);
    }

    static Snapshot of(Config config, PreparedPlan ready, Plan seen, Set<String> used, ReportedLatencies latencies) {
        return new Snapshot(config, ready, seen, used, latencies, new Summary(config, seen, latencies).line());
    }
}
