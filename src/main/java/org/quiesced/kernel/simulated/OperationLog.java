// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.quiesced.device.Device;
import org.quiesced.work.simulated.SimulatedClock;

/** The operations on the devices of a simulated machine, recorded independently of the run's own report. */
public final class OperationLog {
    /** The kinds of operations. */
    public enum Kind {
        /** NVMe Flush or SCSI SYNCHRONIZE CACHE. */
        FLUSH,
        /** The driver was unbound. */
        UNBIND,
        /** An NVMe controller was notified by its registers, until it had shut down or was given up. */
        NOTIFY,
        /** A holder of disks was stopped. */
        STOP_HOLDER,
        /** A wait for another process to unbind the driver. */
        AWAIT,
        /** SCSI START STOP UNIT. */
        STOP,
        /** START STOP UNIT, sent by the driver when it was unbound. */
        DRIVER_STOP;

        /** Returns whether the operation shuts the device down, or begins to. */
        public boolean takesDown() {
            return this == UNBIND || this == NOTIFY;
        }
    }

    /**
     * An operation.
     *
     * @param from its begin, in nanoseconds of virtual time
     * @param to its end
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

    /** Advances virtual time without an operation. */
    void spend(Duration time) {
        clock.spend(time.toNanos());
    }

    /** Returns all operations, in no particular order; the list grows while the simulation runs. */
    public List<Operation> operations() {
        return Collections.unmodifiableList(operations);
    }
}
