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
     * The late phase, or the exitrd after it, begins; see {@link Run#late}.
     *
     * @param verb the verb of the machine
     * @param left time limit of the rest of the run
     * @param followed whether an exitrd follows, whose hook sends another of these signals
     */
    record Late(Verb verb, Duration left, boolean followed) implements Signal {}

    /** The local file systems are unmounted, so that all devices may go down. */
    record Unmounted() implements Signal {}

    /** The process that requested the run is gone. */
    record Abandon() implements Signal {}

    /** The shutdown was cancelled. */
    record Cancel() implements Signal {}

    /** Another shutdown waits for this cancelled run. */
    record Hurry() implements Signal {}

    /** The setting of grace periods is restored. */
    record GracePeriodsRestored() implements Signal {}

    /**
     * An attempt to bind a driver again has ended.
     *
     * @param problem why the driver was not bound; empty if it was
     */
    record Restored(int device, long at, Optional<String> problem) implements Signal {}

    /** A signal of a worker about one device. */
    sealed interface OfDevice extends Signal {
        /** Returns the index of the device in the tree. */
        int device();

        /** Returns when the signal was sent, by the pool's clock. */
        long at();
    }

    /** The caches of the device have been written. */
    record Flushed(int device, long at) implements OfDevice {}

    /** The worker has received what it waited for: the answer of the drive, or the result of a scan. */
    record Answered(int device, long at) implements OfDevice {}

    /**
     * The time limit of the device changes.
     *
     * @param patience the limit, from the start of the device
     */
    record Allow(int device, long at, Duration patience) implements OfDevice {}

    /**
     * The worker waits for the end of a passing use. The time limits of the device do not include that.
     *
     * @param pause how long it waits at the most
     */
    record Paused(int device, long at, Duration pause) implements OfDevice {}

    /**
     * The worker is about to unbind the driver of the device.
     *
     * @param patience time limit of that; empty if the method sets none
     */
    record Acting(int device, long at, Removal removal, Optional<Duration> patience) implements OfDevice {}

    /** The driver of the device is gone, and the worker is about to stop the disk. */
    record Stopping(int device, long at) implements OfDevice {}

    /** The driver of the device is gone, and the task has ended. */
    record Ended(int device, long at, Ending ending) implements OfDevice {}

    /** The task of the device has ended without bringing it down. */
    record GaveUp(int device, long at, Reason reason) implements OfDevice {}
}
