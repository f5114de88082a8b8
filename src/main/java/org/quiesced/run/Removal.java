// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import org.quiesced.method.ShutdownMethod;
import org.quiesced.method.Target;
import org.quiesced.shutdown.Verb;

/**
 * The removal of a device's driver by a run.
 *
 * @param target the device as it was found directly before the removal
 * @param verb the verb for which the device is shut down; that of the run may change afterwards
 */
public record Removal(ShutdownMethod method, Target target, Verb verb) {
    /** Returns whether the shutdown is complete when the driver is gone, unless the verb changes. */
    public boolean endsWithDriver() {
        return method.endsWithDriver(target, verb);
    }

    /** Returns whether the kernel's own walk waits for the end of the removal. */
    public boolean delaysWalk() {
        return method.delaysWalk();
    }

    /** Returns whether the removal sends anything through the network. */
    public boolean usesNetwork() {
        return method.usesNetwork(target);
    }

    /** Returns whether another verb requires a step after the driver is gone that this removal does not include. */
    public boolean lacksStepOf(Verb other) {
        return endsWithDriver() && !method.endsWithDriver(target, other);
    }
}
