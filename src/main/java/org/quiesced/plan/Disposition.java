// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.Optional;
import org.quiesced.kernel.DiskUser;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.method.Target;

/** What becomes of a device at shutdown. */
public sealed interface Disposition {
    /**
     * We shut it down.
     *
     * @param usedNow who uses it now and lets go of it while the machine goes down, in a plan that foresees this; of several the last to let go
     */
    record Handled(Lane lane, ShutdownMethod method, Target target, Optional<DiskUser> usedNow) implements Disposition {
        /** Makes the disposition of a device that nobody uses. */
        public Handled(Lane lane, ShutdownMethod method, Target target) {
            this(lane, method, target, Optional.empty());
        }
    }

    /** We leave it alone. */
    record LeftToKernel(Reason reason) implements Disposition {}

    /** It has no driver, so neither we nor the kernel have anything to do; it only passes on what its children and consumers mean for others. */
    record NoDriver() implements Disposition {}

    /** How a device that we handle is started. */
    enum Lane {
        /** As soon as it may, on a worker of its own. */
        PARALLEL,
        /** As soon as it may and no other serial device is in flight. */
        SERIAL
    }
}
