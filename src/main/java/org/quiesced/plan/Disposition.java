// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import org.quiesced.method.ShutdownMethod;
import org.quiesced.method.Target;

/** What becomes of a device at shutdown. */
public sealed interface Disposition {
    /** We shut it down. */
    record Handled(Lane lane, ShutdownMethod method, Target target) implements Disposition {}

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
