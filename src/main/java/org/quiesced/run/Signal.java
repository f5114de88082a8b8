// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import org.quiesced.plan.Reason;

/** What a worker tells the coordinator of the device with that index. */
sealed interface Signal {
    int device();

    /** Returns when it was sent, by the crew's clock. */
    long at();

    /** Its caches have been written. */
    record Flushed(int device, long at) implements Signal {}

    /** It may take that long, from its start. */
    record Allow(int device, long at, Duration patience) implements Signal {}

    /** It is down. */
    record Ended(int device, long at) implements Signal {}

    /** It is not down, and won't be by us. */
    record GaveUp(int device, long at, Reason reason) implements Signal {}
}
