// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import org.quiesced.method.GivenUpException;

/**
 * A worker's permission to change something at its device. The coordinator withdraws it when it gives the device up:
 * what the worker has not begun by then it never begins, however late it comes to it.
 */
final class Permit {
    private boolean withdrawn;
    private boolean used;
    private boolean joined;
    private boolean returned;
    private boolean asking;
    private long due = Long.MAX_VALUE;

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

    /**
     * Says until when the worker's next step may take, as long as nothing goes on at the device.
     *
     * @param due by the pool's clock
     */
    synchronized void expect(long due) {
        asking = false;
        this.due = due;
    }

    /**
     * Says that a command is about to be sent to the drive.
     *
     * @param due by when it should be answered, by the pool's clock
     * @throws GivenUpException if the permission was withdrawn
     */
    synchronized void command(long due) throws GivenUpException {
        if (withdrawn) {
            throw new GivenUpException();
        }
        asking = true;
        this.due = due;
    }

    /** Returns when the worker's present step is overdue; {@link Long#MAX_VALUE} if something goes on at the device. */
    synchronized long due() {
        return used || joined ? Long.MAX_VALUE : due;
    }

    /**
     * Withdraws the permission if the worker's present step is overdue.
     *
     * @return whether it was withdrawn: nothing goes on at the device, but for a command that may be at the drive
     */
    synchronized boolean withdrawIfDue(long now) {
        boolean isDue = due() <= now;
        withdrawn |= isDue;
        return isDue;
    }

    /** Returns whether the worker waits for the drive's answer to a command, and has changed nothing. */
    synchronized boolean isAsking() {
        return asking && !used && !joined;
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
