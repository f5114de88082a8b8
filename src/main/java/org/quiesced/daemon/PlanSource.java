// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import org.quiesced.snapshot.Snapshot;

/** Source of the plan that a shutdown carries out. Any thread may ask. */
@FunctionalInterface
interface PlanSource {
    /** Returns what is ready now. */
    Snapshot current();

    /** Makes the plan anew, if that does not take too long, and returns what is ready then. */
    default Snapshot renewed() {
        return current();
    }
}
