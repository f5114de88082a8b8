// SPDX-License-Identifier: Apache-2.0
package org.quiesced.snapshot;

import org.quiesced.config.Config;
import org.quiesced.config.Mode;
import org.quiesced.kernel.Latencies;
import org.quiesced.plan.Plan;
import org.quiesced.report.PlanReport;
import org.quiesced.report.PlanText;
import org.quiesced.shutdown.Verb;

/** Summarizes a plan in one line. */
record Summary(Config config, Plan plan, Latencies latencies) {
    /**
     * Returns the line, for example
     * {@code 24 drives in parallel, 1 left to the kernel (nvme3: opted out); 4.6 s expected}.
     */
    String line() {
        PlanReport report = new PlanReport(plan, latencies, Verb.REBOOT, config);
        return PlanText.line(config.mode() == Mode.OFF, report::summary, report.totals());
    }
}
