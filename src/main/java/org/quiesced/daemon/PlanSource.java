// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import org.quiesced.snapshot.Snapshot;

/** Source of the snapshot whose plan a shutdown carries out. Safe for use by several threads. */
@FunctionalInterface
interface PlanSource {
    /** Usual time limit of a new plan. */
    Duration LIMIT = Duration.ofSeconds(2);

    /** The same while a hook waits, which expects the beginning of its request within a second. */
    Duration LIMIT_OF_A_HOOK = Duration.ofMillis(400);

    /** Returns the current snapshot. */
    Snapshot current();

    /** Returns the snapshot of a new plan, or the current one if that takes longer than a limit. */
    default Snapshot renewed(Duration limit) {
        return current();
    }
}
