// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.List;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.method.Target;

/** How a device is treated at shutdown. */
public sealed interface Disposition {
    /**
     * The device is shut down by its method.
     *
     * @param usedNow the present users of its disks that release them during the shutdown, at most one per disk; only
     *     in a plan that foresees the shutdown
     */
    record Handled(Lane lane, ShutdownMethod method, Target target, List<DiskUse> usedNow) implements Disposition {
        /** Copies the list. */
        public Handled {
            usedNow = List.copyOf(usedNow);
        }

        /** Creates the disposition of a device without users. */
        public Handled(Lane lane, ShutdownMethod method, Target target) {
            this(lane, method, target, List.of());
        }
    }

    /** The device is left to the kernel, with its driver if it has one. */
    record LeftToKernel(Reason reason) implements Disposition {}

    /**
     * The device has no driver and no method of the configuration, so it is not shut down. It only extends the
     * dependencies of its children and consumers to the devices that it needs.
     */
    record NoDriver() implements Disposition {}

    /** When a device that quiesced shuts down is started. */
    enum Lane {
        /** As soon as its dependents have ended, on its own worker. */
        PARALLEL,
        /** As soon as its dependents have ended and no other serial device is in flight. */
        SERIAL
    }
}
