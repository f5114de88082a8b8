// SPDX-License-Identifier: Apache-2.0
package org.quiesced.snapshot;

import java.util.Set;
import org.quiesced.config.Config;
import org.quiesced.config.Mode;
import org.quiesced.plan.KnownLatencies;
import org.quiesced.plan.Plan;
import org.quiesced.report.PlanJson;
import org.quiesced.report.PlanReport;
import org.quiesced.report.PlanText;
import org.quiesced.run.PreparedPlan;
import org.quiesced.shutdown.Verb;

/**
 * All that a shutdown needs and that is reported before it, as of one time. Immutable; a newer snapshot replaces it as
 * a whole.
 *
 * @param config the configuration in force
 * @param ready the prepared plan of a run, which assumes each disk to be free until the run checks it
 * @param seen the plan for a shutdown at this time, by the users of disks that are visible without opening the disks
 * @param used the paths of the disks that had a visible exclusive user when {@code seen} was made
 * @param latencies the shutdown times of devices, measured in earlier shutdowns or else reported
 * @param expected the expected duration of a run
 * @param totals the counts and times of {@code seen} at reboot
 * @param summary one line about all of it
 */
public record Snapshot(
        Config config,
        PreparedPlan ready,
        Plan seen,
        Set<String> used,
        KnownLatencies latencies,
        Expected expected,
        PlanJson.Totals totals,
        String summary) {
    /** Copies the set. */
    public Snapshot {
        used = Set.copyOf(used);
    }

    /** Returns a copy with other reported times. */
    public Snapshot with(KnownLatencies others) {
        return of(config, ready, seen, used, others.with(latencies.usual()));
    }

    static Snapshot of(Config config, PreparedPlan ready, Plan seen, Set<String> used, KnownLatencies latencies) {
        Expected expected = Expected.of(config, seen, latencies);
        PlanReport report = new PlanReport(seen, latencies, Verb.REBOOT, config);
        PlanJson.Totals totals = report.totals();
        String summary = config.mode() == Mode.OFF ? PlanText.OFF : PlanText.line(report.summary(), totals);
        return new Snapshot(config, ready, seen, used, latencies, expected, totals, summary);
    }
}
