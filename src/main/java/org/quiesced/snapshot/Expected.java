// SPDX-License-Identifier: Apache-2.0
package org.quiesced.snapshot;

import java.time.Duration;
import java.util.Optional;
import org.quiesced.config.Config;
import org.quiesced.estimate.Estimate;
import org.quiesced.kernel.Latencies;
import org.quiesced.plan.Plan;
import org.quiesced.shutdown.Verb;

/**
 * The expected duration of a run, computed before it begins; empty if the time of a device is unknown.
 *
 * @param restart for verbs that restart the machine
 * @param powerOff for verbs that end its operation, for which disks are stopped
 */
public record Expected(Optional<Duration> restart, Optional<Duration> powerOff) {
    /** No expected duration. */
    public static final Expected NOTHING = new Expected(Optional.empty(), Optional.empty());

    static Expected of(Config config, Plan plan, Latencies latencies) {
        boolean known = plan.driven().stream()
                .filter(device -> plan.handles(device) && !device.isHolder())
                .allMatch(device -> latencies.of(device).isPresent());
        if (!known) {
            return NOTHING;
        }
        return new Expected(
                Optional.of(Estimate.of(plan, latencies, Verb.REBOOT, config.deadline())),
                Optional.of(Estimate.of(plan, latencies, Verb.POWEROFF, config.deadline())));
    }

    /** Returns the expected duration of a run for a verb. */
    public Optional<Duration> of(Verb verb) {
        return verb.stopsDisks() ? powerOff : restart;
    }
}
