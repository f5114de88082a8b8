// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.HashMap;
import java.util.Map;

/**
 * Limits the number of simultaneous connections to the control socket: {@link #MOST} in all, {@link #MOST_OF_ONE_USER}
 * for each user other than root and the owner of the daemon, and {@link #RESERVED} that only root and the owner may
 * take. Safe for use by several threads.
 */
final class ConnectionLimits {
    /** Maximum number of connections. */
    static final int MOST = 16;
    /** Connections that are reserved for the owner and root. */
    static final int RESERVED = 4;
    /** Maximum number of connections of one user other than root and the owner. */
    static final int MOST_OF_ONE_USER = 4;

    private final int owner;
    private final Map<Integer, Integer> users = new HashMap<>();
    private int all;
    private int others;

    /**
     * Creates limits with no connection counted.
     *
     * @param owner user ID of the daemon
     */
    ConnectionLimits(int owner) {
        this.owner = owner;
    }

    /** Returns whether a user is root or the owner. */
    boolean isPrivileged(int user) {
        return user == 0 || user == owner;
    }

    /**
     * Counts one more connection of a user, unless a limit is reached.
     *
     * @return whether it was counted; if so, {@link #leave} must follow
     */
    synchronized boolean enter(int user) {
        boolean privileged = isPrivileged(user);
        boolean full = all == MOST
                || !privileged && (others == MOST - RESERVED || users.getOrDefault(user, 0) == MOST_OF_ONE_USER);
        if (full) {
            return false;
        }
        all++;
        if (!privileged) {
            others++;
            users.merge(user, 1, Integer::sum);
        }
        return true;
    }

    /** Records that a counted connection of a user has ended. */
    synchronized void leave(int user) {
        all--;
        if (!isPrivileged(user)) {
            others--;
            users.computeIfPresent(user, (number, count) -> count == 1 ? null : count - 1);
        }
    }
}
