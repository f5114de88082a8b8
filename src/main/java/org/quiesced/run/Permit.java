// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import org.quiesced.method.GivenUpException;

/**
 * A worker's permission to change its device. Once the coordinator has withdrawn it to give the device up, the worker
 * begins no change any more. Safe for use by several threads.
 */
final class Permit {
    private boolean withdrawn;
    private boolean used;
    private boolean joined;
    private boolean returned;
    private boolean asking;
    private long due = Long.MAX_VALUE;

    /**
     * Uses the permission, directly before the first change.
     *
     * @return whether this is the first use
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
     * Records that the worker waits for a change that another process began at the device.
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
     * @return whether a change may be in progress: the permission was used, or {@link #join} was called
     */
    synchronized boolean withdraw() {
        withdrawn = true;
        return used || joined;
    }

    /**
     * Sets when the worker's next step is overdue. Has no effect after a change was begun.
     *
     * @param due by the pool's clock
     */
    synchronized void expect(long due) {
        asking = false;
        this.due = due;
    }

    /**
     * Records that a command is about to be sent to the drive.
     *
     * @param due when the answer is overdue, by the pool's clock
     * @throws GivenUpException if the permission was withdrawn
     */
    synchronized void command(long due) throws GivenUpException {
        if (withdrawn) {
            throw new GivenUpException();
        }
        asking = true;
        this.due = due;
    }

    /**
     * Returns when the worker's present step is overdue; {@link Long#MAX_VALUE} if a change was begun at the device.
     */
    synchronized long due() {
        return used || joined ? Long.MAX_VALUE : due;
    }

    /**
     * Withdraws the permission if the worker's present step is overdue.
     *
     * @return whether it was withdrawn; no change was begun then, but the drive may be executing a command
     */
    synchronized boolean withdrawIfDue(long now) {
        boolean isDue = due() <= now;
        withdrawn |= isDue;
        return isDue;
    }

    /** Returns whether the worker waits for the answer to a command and has not begun a change. */
    synchronized boolean isAsking() {
        return asking && !used && !joined;
    }

    /** Returns whether the permission was withdrawn. */
    synchronized boolean isWithdrawn() {
        return withdrawn;
    }

    /** Records that the worker has ended. */
    synchronized void giveBack() {
        returned = true;
    }

    /** Returns whether the worker has ended. */
    synchronized boolean isReturned() {
        return returned;
    }

    /** Returns whether the worker has begun a change and has not ended. */
    synchronized boolean isInUse() {
        return used && !returned;
    }
}
