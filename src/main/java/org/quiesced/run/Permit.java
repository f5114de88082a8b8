// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import org.quiesced.method.GivenUpException;

/**
 * A worker's permission to change something at its device. The coordinator withdraws it when it gives the device up: what the worker has not
 * begun by then it never begins, however late it comes to it.
 */
final class Permit {
    private boolean withdrawn;
    private boolean used;
    private boolean joined;
    private boolean returned;

    /**
     * Uses the permission.
     *
     * @return whether for the first time
     * @throws GivenUpException if it was withdrawn
     */
    synchronized boolean use() throws GivenUpException {
        if (withdrawn) {
            throw new GivenUpException();
        }
        boolean first = !used;
        used = true;
        return first;
    }

    /**
     * Says that the worker waits for what somebody else has begun at the device.
     *
     * @throws GivenUpException if the permission was withdrawn
     */
    synchronized void join() throws GivenUpException {
        if (withdrawn) {
            throw new GivenUpException();
        }
        joined = true;
    }

    /**
     * Withdraws the permission.
     *
     * @return whether something is going on at the device: it was used before, or the worker waits for somebody else
     */
    synchronized boolean withdraw() {
        withdrawn = true;
        return used || joined;
    }

    /** Says that the worker has ended. */
    synchronized void giveBack() {
        returned = true;
    }

    /** Returns whether the worker has ended. */
    synchronized boolean isReturned() {
        return returned;
    }

    /** Returns whether the worker has begun something that has not ended. */
    synchronized boolean isInUse() {
        return used && !returned;
    }
}
