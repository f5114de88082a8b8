// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import org.quiesced.device.Device;
import org.quiesced.method.Ending;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Reason;

/** Something that happened to a device in a run. */
public sealed interface Event {
    /** Returns the device. */
    Device device();

    /** Returns when it happened, in nanoseconds since the run began. */
    long at();

    /** Returns whether this event settles the outcome of the device. */
    default boolean isLast() {
        return false;
    }

    /** The plan has a disposition for the device. */
    record Planned(Device device, long at, Disposition disposition) implements Event {}

    /** Its shutdown has begun. */
    record Started(Device device, long at, Place place) implements Event {}

    /** Its caches have been written. */
    record Flushed(Device device, long at) implements Event {}

    /**
     * Its driver is about to be unbound: the kernel's own walk waits for that as soon as the device shows no driver.
     */
    record Unbinding(Device device, long at, Removal removal) implements Event {}

    /** Its driver is gone; the ending says whether the device is down. */
    record Done(Device device, long at, Ending ending) implements Event {
        @Override
        public boolean isLast() {
            return true;
        }
    }

    /**
     * It has been down since the early phase, and the additional step that the verb of the late phase requires has
     * ended.
     */
    record Finished(Device device, long at, Ending ending) implements Event {}

    /** The shutdown was cancelled, and its driver is bound again. */
    record Restored(Device device, long at) implements Event {}

    /** The shutdown was cancelled, and its driver could not be bound again. */
    record NotRestored(Device device, long at, String detail) implements Event {}

    /** A step failed, so that it is left to the kernel; a {@link LeftToKernel} follows. */
    record Failed(Device device, long at, String detail) implements Event {}

    /** It cannot go down yet, and is examined again when what it waits for begins. */
    record Deferred(Device device, long at, Reason reason, Awaited awaited) implements Event {}

    /** It is left to the kernel. */
    record LeftToKernel(Device device, long at, Reason reason) implements Event {
        @Override
        public boolean isLast() {
            return true;
        }
    }

    /** What a deferred device waits for. */
    enum Awaited {
        /** The local file systems to be unmounted, after the network is stopped. */
        UNMOUNTING,
        /** The late phase, which follows the early one. */
        LATE_PHASE,
        /** The hook of the exitrd, by which the root file system is unmounted. */
        EXITRD
    }

    /** Where a device is shut down. */
    enum Place {
        /** On a worker of its own, at the same time as others. */
        WORKER,
        /** On the serial lane. */
        SERIAL_LANE,
        /** On the reserve worker, one after the other, because no other worker was available. */
        RESERVED
    }
}
