// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import org.quiesced.snapshot.Snapshot;

/** Source of the snapshot whose plan a shutdown carries out. Safe for use by several threads. */
@FunctionalInterface
interface PlanSource {
    /** Returns the current snapshot. */
    Snapshot current();

    /** Returns the snapshot of a new plan, or the current one if that takes too long. */
    default Snapshot renewed() {
        return current();
    }
}
