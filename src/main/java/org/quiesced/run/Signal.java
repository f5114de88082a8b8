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
     * The late phase, or the exitrd after it, begins.
     *
     * @param verb what the machine is about to do
     * @param left how long the rest may take
     * @param followed whether an exitrd follows, whose hook says so again
     */
    record Late(Verb verb, Duration left, boolean followed) implements Signal {}

    /** The local file systems are unmounted: all devices may go down. */
    record Unmounted() implements Signal {}

    /** The process that asked for the run is gone. */
    record Abandon() implements Signal {}

    /** The shutdown was cancelled. */
    record Cancel() implements Signal {}

    /** The machine goes down although a shutdown was cancelled. */
    record Hurry() implements Signal {}

    /** The setting of grace periods is what it was before the run. */
    record GracePeriodsRestored() implements Signal {}

    /**
     * The attempt to bind a driver again has ended.
     *
     * @param problem why it was not bound; empty if it was
     */
    record Restored(int device, long at, Optional<String> problem) implements Signal {}

    /** A worker's message about the device with that index. */
    sealed interface OfDevice extends Signal {
        int device();

        /** Returns when it was sent, by the pool's clock. */
        long at();
    }

    /** The caches of the device have been written. */
    record Flushed(int device, long at) implements OfDevice {}

    /** Its worker has received what it waited for: the drive's answer, or the result of a look. */
    record Answered(int device, long at) implements OfDevice {}

    /**
     * The time limit of the device changes.
     *
     * @param patience how long it may take from its start
     */
    record Allow(int device, long at, Duration patience) implements OfDevice {}

    /**
     * Something is about to be changed at the device: its driver is to be unbound.
     *
     * @param patience how long that may take, if its method says so
     */
    record Acting(int device, long at, Removal removal, Optional<Duration> patience) implements OfDevice {}

    /** The driver of the device is gone, and its task has ended. */
    record Ended(int device, long at, Ending ending) implements OfDevice {}

    /** The task of the device has ended without bringing it down. */
    record GaveUp(int device, long at, Reason reason) implements OfDevice {}
}
