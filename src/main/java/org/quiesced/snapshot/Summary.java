// SPDX-License-Identifier: Apache-2.0
package org.quiesced.snapshot;

import java.util.Locale;
import org.quiesced.config.Config;
import org.quiesced.config.Mode;
import org.quiesced.kernel.Latencies;
import org.quiesced.plan.Plan;
import org.quiesced.report.PlanJson;
import org.quiesced.report.PlanReport;
import org.quiesced.shutdown.Verb;

/** Summarizes a plan in one line. */
record Summary(Config config, Plan plan, Latencies latencies) {
    /**
     * Returns the line, for example
     * {@code 24 drives in parallel, 1 left to the kernel (nvme3: opted out); 4.6 s expected}.
     */
    String line() {
        if (config.mode() == Mode.OFF) {
            return "mode is off, everything is left to the kernel";
        }
        PlanReport report = new PlanReport(plan, latencies, Verb.REBOOT, config);
        PlanJson.Totals totals = report.totals();
        if (totals.nothingIsKnown()) {
            return report.summary();
        }
        return report.summary()
                + String.format(
                        Locale.ROOT,
                        "; %s%.1f s expected",
                        totals.unknown() == 0 ? "" : "at least ",
                        totals.expected());
    }
}
