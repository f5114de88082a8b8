// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.time.Duration;
import java.util.Optional;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.plan.Reason;
import org.quiesced.run.Event;

/** Checks that a run ends without a deadline. */
final class Liveness {
    private static final Duration NONE = Duration.ofDays(365);

    /**
     * Maximum time of one device: flushes and Identify with the longest limits of the drivers, and its own shutdown.
     */
    private static final Duration LONGEST_PATIENCE = Duration.ofMinutes(10);

    private Liveness() {}

    /** Runs a scenario without a deadline. */
    static Trial trial(Scenario scenario, Stage stage, Lockstep.Threads threads) {
        return Trial.of(scenario, stage, threads, NONE, (kernel, time) -> kernel);
    }

    /**
     * Returns why a run did not end as required; empty if it did. It may take the maximum time of one device for each
     * of its devices and once more, and must not leave a device to the kernel because of the deadline.
     */
    static Optional<String> complaint(Trial trial) {
        long devices = trial.stage().prepared().devices().size();
        Duration longest = LONGEST_PATIENCE.multipliedBy(devices + 1);
        if (trial.took() > longest.toNanos()) {
            return Optional.of("it took " + Duration.ofNanos(trial.took()) + " for " + devices + " devices");
        }
        boolean cutShort = trial.timeline().events().stream()
                .anyMatch(event ->
                        event instanceof Event.LeftToKernel left && left.reason() instanceof Reason.DeadlineReached);
        return cutShort ? Optional.of("only the deadline ended it") : Optional.empty();
    }
}
