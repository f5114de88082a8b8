// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.Optional;
import org.quiesced.method.Ending;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/** A message to the coordinator. */
sealed interface Signal {
    /**
     * The late phase has come.
     *
     * @param verb what the machine is about to do
     * @param left how long the rest may take
     * @param followed whether an exitrd follows, whose hook says so again
     */
    record Late(Verb verb, Duration left, boolean followed) implements Signal {}

    /** The process that asked for the run is gone. */
    record Abandon() implements Signal {}

    /** The shutdown was cancelled. */
    record Cancel() implements Signal {}

    /** The machine goes down although a shutdown was cancelled. */
    record Hurry() implements Signal {}

    /** Grace periods are restored. */
    record Tidy() implements Signal {}

    /**
     * A driver was to be bound again.
     *
     * @param problem why it was not, if so
     */
    record Restored(int device, long at, Optional<String> problem) implements Signal {}

    /** A worker's message about the device with that index. */
    sealed interface OfDevice extends Signal {
        int device();

        /** Returns when it was sent, by the pool's clock. */
        long at();
    }

    /** Its caches have been written. */
    record Flushed(int device, long at) implements OfDevice {}

    /** Its worker has what it waited for: an answer of the drive, or what a look has seen. */
    record Answered(int device, long at) implements OfDevice {}

    /** It may take that long, from its start. */
    record Allow(int device, long at, Duration patience) implements OfDevice {}

    /**
     * Something is about to be changed at it: its driver is taken away.
     *
     * @param patience how long that may take, if its method says so
     */
    record Acting(int device, long at, Removal removal, Optional<Duration> patience) implements OfDevice {}

    /** Its driver is gone. */
    record Ended(int device, long at, Ending ending) implements OfDevice {}

    /** It is not down, and we will not bring it down. */
    record GaveUp(int device, long at, Reason reason) implements OfDevice {}
}
