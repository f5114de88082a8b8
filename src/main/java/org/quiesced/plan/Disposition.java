// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.List;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.method.Target;

/** What becomes of a device at shutdown. */
public sealed interface Disposition {
    /**
     * It is shut down by its method.
     *
     * @param usedNow the present users of its disks that release them during the shutdown, in a plan that foresees
     *     this; at most one for each disk
     */
    record Handled(Lane lane, ShutdownMethod method, Target target, List<DiskUse> usedNow) implements Disposition {
        /** Copies the list. */
        public Handled {
            usedNow = List.copyOf(usedNow);
        }

        /** Makes the disposition of a device that nobody uses. */
        public Handled(Lane lane, ShutdownMethod method, Target target) {
            this(lane, method, target, List.of());
        }
    }

    /** It is left to the kernel, with its driver, if it has one. */
    record LeftToKernel(Reason reason) implements Disposition {}

    /**
     * It has no driver, so neither we nor the kernel shut it down, and nobody has asked us to; it only extends the
     * dependencies of its children and consumers to the devices that it needs.
     */
    record NoDriver() implements Disposition {}

    /** How a device that we handle is started. */
    enum Lane {
        /** As soon as it may start, on a worker of its own. */
        PARALLEL,
        /** As soon as it may start and no other serial device is in flight. */
        SERIAL
    }
}
