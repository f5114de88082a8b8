// SPDX-License-Identifier: Apache-2.0
package org.quiesced.simulation;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.quiesced.device.Device;
import org.quiesced.kernel.Latencies;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Plan;
import org.quiesced.run.PreparedPlan;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;

/** Executes a plan on a simulated copy of its machine. */
public final class DryRun {
    private DryRun() {}

    /**
     * Executes a plan.
     *
     * @param latencies the shutdown times of devices; an unknown one counts as zero
     */
    public static Timeline of(Plan plan, Latencies latencies, Verb verb, Duration deadline) {
        Map<String, Duration> known = new HashMap<>();
        for (Device device : plan.driven()) {
            latencies.of(device).ifPresent(latency -> known.put(device.path(), latency));
        }
        Machine machine = new Machine("dry run", "", plan.tree(), Map.of(), Map.of(), known, Map.of(), Map.of());
        SimulatedKernel kernel = new SimulatedKernel(machine);
        return new Run(new PreparedPlan(plan), verb, kernel, kernel.workers(), deadline, event -> {}).execute();
    }
}
