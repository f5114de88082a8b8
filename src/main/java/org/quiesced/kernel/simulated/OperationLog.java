// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.quiesced.device.Device;
import org.quiesced.work.simulated.SimulatedClock;

/** The operations on the devices of a simulated machine, recorded independently of the runner's report. */
public final class OperationLog {
    /** What can be done to a device. */
    public enum Kind {
        /** NVMe Flush or SCSI SYNCHRONIZE CACHE. */
        FLUSH,
        /** The driver was taken off. */
        UNBIND,
        /** An NVMe controller was notified by its registers, until it had shut down or was given up. */
        NOTIFY,
        /** A holder of disks was stopped. */
        STOP_HOLDER,
        /** Somebody waited until another had taken the driver off. */
        AWAIT,
        /** SCSI START STOP UNIT. */
        STOP,
        /** The same, sent by the driver itself as it left. */
        DRIVER_STOP;

        /** Returns whether a device is down after it, or on its way. */
        public boolean takesDown() {
            return this == UNBIND || this == NOTIFY;
        }
    }

    /**
     * One thing that was done.
     *
     * @param from when it began, in nanoseconds of virtual time
     * @param to when it ended
     */
    public record Operation(Device device, Kind kind, long from, long to) {}

    private final SimulatedClock clock;
    private final List<Operation> operations = new CopyOnWriteArrayList<>();

    OperationLog(SimulatedClock clock) {
        this.clock = clock;
    }

    void perform(Device device, Kind kind, Duration latency) {
        long from = clock.now();
        clock.spend(latency.toNanos());
        operations.add(new Operation(device, kind, from, clock.now()));
    }

    /** Lets time pass in which nothing is done to a device. */
    void spend(Duration time) {
        clock.spend(time.toNanos());
    }

    /** Returns everything that was done, in no particular order; the list grows while the simulation goes on. */
    public List<Operation> operations() {
        return Collections.unmodifiableList(operations);
    }
}
