// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.time.Duration;
import java.util.Optional;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.plan.Reason;
import org.quiesced.run.Event;

/** Whether runs end by themselves, where no deadline ends them. */
final class Liveness {
    private static final Duration NONE = Duration.ofDays(365);

    /**
     * The most that one device is waited for: flushes and Identify by the longest limits of the drivers, and its own
     * shutdown.
     */
    private static final Duration LONGEST_PATIENCE = Duration.ofMinutes(10);

    private Liveness() {}

    /** Runs a scenario without a deadline. */
    static Trial trial(Scenario scenario, Stage stage, Lockstep.Threads threads) {
        return Trial.of(scenario, stage, threads, NONE, (kernel, time) -> kernel);
    }

    /** Returns what is wrong with how a run ended. */
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
