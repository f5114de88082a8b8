// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.util.Optional;
import org.quiesced.kernel.GracePeriods;

/** Expedited grace periods for the time of a run. Begin and end may come from different threads, and in either order. */
final class Haste {
    private final GracePeriods gracePeriods;
    private Optional<Runnable> asBefore = Optional.empty();
    private boolean over;

    Haste(GracePeriods gracePeriods) {
        this.gracePeriods = gracePeriods;
    }

    /** Expedites grace periods, unless the run is over. */
    synchronized void begin() {
        if (!over && asBefore.isEmpty()) {
            asBefore = Optional.of(gracePeriods.expedite());
        }
    }

    /** Puts back what was before. */
    synchronized void end() {
        over = true;
        asBefore.ifPresent(Runnable::run);
        asBefore = Optional.empty();
    }
}
