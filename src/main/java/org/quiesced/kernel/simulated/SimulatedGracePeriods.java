// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.util.Optional;
import org.quiesced.kernel.GracePeriods;

/**
 * Grace periods that take no time, with the state of the expedited setting and the note of its former value.
 * Thread-safe.
 */
final class SimulatedGracePeriods implements GracePeriods {
    private boolean expedited;
    private Optional<Boolean> note = Optional.empty();

    @Override
    public synchronized Runnable expedite() {
        boolean before = note.orElse(expedited);
        note = Optional.of(before);
        expedited = true;
        return () -> putBack(before);
    }

    private synchronized void putBack(boolean before) {
        expedited = note.orElse(before);
        note = Optional.empty();
    }

    @Override
    public synchronized boolean recover() {
        Optional<Boolean> before = note;
        before.ifPresent(this::putBack);
        return before.isPresent();
    }

    synchronized boolean areExpedited() {
        return expedited;
    }
}
