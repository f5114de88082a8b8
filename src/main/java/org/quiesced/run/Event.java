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

    /** Returns whether the device's story ends with this event. */
    default boolean isLast() {
        return false;
    }

    /** The device has a place in the plan. */
    record Planned(Device device, long at, Disposition disposition) implements Event {}

    /** Its shutdown has begun. */
    record Started(Device device, long at, Place place) implements Event {}

    /** Its caches have been written. */
    record Flushed(Device device, long at) implements Event {}

    /**
     * Its driver is about to be taken away: the kernel's own walk waits for that as soon as the device shows no driver.
     */
    record Unbinding(Device device, long at, Removal removal) implements Event {}

    /** Its driver is gone, and mostly it is down. */
    record Done(Device device, long at, Ending ending) implements Event {
        @Override
        public boolean isLast() {
            return true;
        }
    }

    /**
     * It is down since the early phase, and the verb of the late phase has asked for one step more, which has ended.
     */
    record Finished(Device device, long at, Ending ending) implements Event {}

    /** The shutdown was cancelled, and its driver is bound again. */
    record Restored(Device device, long at) implements Event {}

    /** The shutdown was cancelled, and its driver could not be bound again. */
    record NotRestored(Device device, long at, String detail) implements Event {}

    /** A step failed, and it is left to the kernel for that; a {@link LeftToKernel} follows. */
    record Failed(Device device, long at, String detail) implements Event {}

    /** It can't go down in the early phase, and is looked at again in the late one. */
    record Deferred(Device device, long at, Reason reason) implements Event {}

    /** It is left to the kernel. */
    record LeftToKernel(Device device, long at, Reason reason) implements Event {
        @Override
        public boolean isLast() {
            return true;
        }
    }

    /** Where a device is shut down. */
    enum Place {
        /** On a worker of its own, at the same time as others. */
        WORKER,
        /** On the serial lane. */
        SERIAL_LANE,
        /** On the worker in reserve, one after the other, for there was no other to be had. */
        RESERVED
    }
}
