// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import org.quiesced.method.Ending;
import org.quiesced.plan.Reason;

/** What the coordinator is told. */
sealed interface Signal {
    /**
     * The late phase has come.
     *
     * @param left how long the rest may take
     */
    record Late(Duration left) implements Signal {}

    /** What a worker tells of the device with that index. */
    sealed interface OfDevice extends Signal {
        int device();

        /** Returns when it was sent, by the crew's clock. */
        long at();
    }

    /** Its caches have been written. */
    record Flushed(int device, long at) implements OfDevice {}

    /** It may take that long, from its start. */
    record Allow(int device, long at, Duration patience) implements OfDevice {}

    /** Something is about to be changed at it: its driver is taken away. */
    record Acting(int device, long at) implements OfDevice {}

    /** Its driver is gone. */
    record Ended(int device, long at, Ending ending) implements OfDevice {}

    /** It is not down, and won't be by us. */
    record GaveUp(int device, long at, Reason reason) implements OfDevice {}
}
