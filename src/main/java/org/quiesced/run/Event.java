// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import org.quiesced.device.Device;
import org.quiesced.method.Ending;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Reason;

/** An event of a run that concerns one device. Immutable. */
public sealed interface Event {
    /** Returns the device. */
    Device device();

    /** Returns when it happened, in nanoseconds since the run began. */
    long at();

    /** Returns whether this event settles the outcome of the device. */
    default boolean isLast() {
        return false;
    }

    /** The plan contains a disposition of the device. */
    record Planned(Device device, long at, Disposition disposition) implements Event {}

    /** The shutdown of the device has begun. */
    record Started(Device device, long at, Place place) implements Event {}

    /** The caches of the device have been written. */
    record Flushed(Device device, long at) implements Event {}

    /** The driver is about to be unbound. The kernel's own walk waits for that once the device shows no driver. */
    record Unbinding(Device device, long at, Removal removal) implements Event {}

    /** The driver is gone, and the disk is about to be stopped. */
    record Stopping(Device device, long at) implements Event {}

    /** The driver is gone. The ending tells whether the device is down. */
    record Done(Device device, long at, Ending ending) implements Event {
        @Override
        public boolean isLast() {
            return true;
        }
    }

    /** The additional step that the verb of the late phase requires of a device that was down before has ended. */
    record Finished(Device device, long at, Ending ending) implements Event {}

    /** The shutdown was cancelled, and the driver is bound again. */
    record Restored(Device device, long at) implements Event {}

    /** The shutdown was cancelled, and the driver could not be bound again. */
    record NotRestored(Device device, long at, String detail) implements Event {}

    /** A step failed. A {@link LeftToKernel} follows. */
    record Failed(Device device, long at, String detail) implements Event {}

    /** The device cannot go down yet, and is tried again when the awaited phase begins. */
    record Deferred(Device device, long at, Reason reason, Awaited awaited) implements Event {}

    /** The device is left to the kernel. */
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
        /** On its own worker, at the same time as others. */
        WORKER,
        /** On the serial lane. */
        SERIAL_LANE,
        /** On the reserved worker, one at a time, because no other worker was available. */
        RESERVED
    }
}
