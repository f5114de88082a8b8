// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import org.quiesced.kernel.GracePeriods;

/** Grace periods that take no time, and whether they were to be quick. */
final class SimulatedGracePeriods implements GracePeriods {
    private volatile boolean expedited;

    @Override
    public Runnable expedite() {
        boolean before = expedited;
        expedited = true;
        return () -> expedited = before;
    }

    boolean areExpedited() {
        return expedited;
    }
}
