// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.method.Target;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Phase;

/**
 * The options with which a run begins. Immutable.
 *
 * @param phase the first phase of the run
 * @param awaited what devices can be deferred to; empty if nothing follows
 * @param deadline time limit of the run from its start, until a following phase changes it
 * @param earlyObstacle returns why a device may not go down in the early phase; empty if it may
 */
public record RunOptions(
        Phase phase,
        Optional<Event.Awaited> awaited,
        Duration deadline,
        BiFunction<ShutdownMethod, Target, Optional<Reason>> earlyObstacle) {
    /** Time limit of an early phase without a late one. */
    private static final Duration LONGEST_EARLY = Duration.ofDays(1);

    /**
     * Returns the options of a run of the late phase.
     *
     * @param followed whether an exitrd follows: devices that are in use wait for {@link Run#late}, and so does the end
     *     of the run, until the deadline
     */
    public static RunOptions late(Duration deadline, boolean followed) {
        Optional<Event.Awaited> awaited = followed ? Optional.of(Event.Awaited.EXITRD) : Optional.empty();
        return new RunOptions(Phase.LATE, awaited, deadline, (method, target) -> Optional.empty());
    }

    /**
     * Returns the options of a run of the early phase, after the local file systems are unmounted. It continues until
     * {@link Run#late} sets its time limit. Devices that are in use or excluded in the early phase are tried again in
     * the late one.
     *
     * @param earlyObstacle returns why a device may not go down in the early phase; empty if it may
     */
    public static RunOptions early(BiFunction<ShutdownMethod, Target, Optional<Reason>> earlyObstacle) {
        return new RunOptions(Phase.EARLY, Optional.of(Event.Awaited.LATE_PHASE), LONGEST_EARLY, earlyObstacle);
    }

    /**
     * Returns the options of a run of the early phase before the network is stopped. It starts only the devices that
     * need the network, and continues with the others after {@link Run#unmounted}.
     *
     * @param earlyObstacle as for {@link #early}
     */
    public static RunOptions network(BiFunction<ShutdownMethod, Target, Optional<Reason>> earlyObstacle) {
        return new RunOptions(Phase.EARLY, Optional.of(Event.Awaited.UNMOUNTING), LONGEST_EARLY, earlyObstacle);
    }
}
