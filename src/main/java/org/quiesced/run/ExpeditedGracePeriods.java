// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.util.Optional;
import org.quiesced.kernel.GracePeriods;

/**
 * Expedites RCU grace periods during a run. {@link #begin} and {@link #end} may be called by different threads, in
 * either order.
 */
final class ExpeditedGracePeriods {
    private final GracePeriods gracePeriods;
    private Optional<Runnable> asBefore = Optional.empty();
    private boolean over;

    ExpeditedGracePeriods(GracePeriods gracePeriods) {
        this.gracePeriods = gracePeriods;
    }

    /**
     * Expedites grace periods, unless the run has ended. Holds no lock during the call of the kernel, so {@link #end}
     * never waits for it.
     */
    void begin() {
        if (isOver()) {
            return;
        }
        Runnable undo = gracePeriods.expedite();
        if (!keep(undo)) {
            undo.run();
        }
    }

    private synchronized boolean isOver() {
        return over;
    }

    private synchronized boolean keep(Runnable undo) {
        if (!over) {
            asBefore = Optional.of(undo);
        }
        return !over;
    }

    /** Restores the previous setting; if {@link #begin} has not returned, {@code begin} does so. */
    void end() {
        take().ifPresent(Runnable::run);
    }

    private synchronized Optional<Runnable> take() {
        over = true;
        Optional<Runnable> taken = asBefore;
        asBefore = Optional.empty();
        return taken;
    }
}
