// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import org.quiesced.kernel.Latencies;
import org.quiesced.plan.Plan;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;

/** Executes a plan on a simulated copy of its machine. */
@FunctionalInterface
interface Simulator {
    /**
     * Executes a plan.
     *
     * @param latencies the shutdown latencies of the drives; an unknown one counts as zero
     * @param deadline the time limit of the run
     */
    Timeline execute(Plan plan, Latencies latencies, Verb verb, Duration deadline);
}
