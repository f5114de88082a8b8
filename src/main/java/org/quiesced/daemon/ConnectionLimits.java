// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.HashMap;
import java.util.Map;

/**
 * How many connections each user may have at once. The owner of the daemon, and root, may have all of them; all others
 * together leave some to those two, and one of them alone can't take what others need. Safe for several threads.
 */
final class ConnectionLimits {
    /** As many as an administrator, a monitoring system and some mistakes need. */
    static final int MOST = 16;
    /** Connections that are reserved for the owner and root. */
    static final int RESERVED = 4;
    /** Limit of any other user. */
    static final int MOST_OF_ONE_USER = 4;

    private final int owner;
    private final Map<Integer, Integer> users = new HashMap<>();
    private int all;
    private int others;

    /**
     * Starts without connections.
     *
     * @param owner the number of the user whom the daemon belongs to
     */
    ConnectionLimits(int owner) {
        this.owner = owner;
    }

    /** Returns whether a user is root or the owner. */
    boolean isPrivileged(int user) {
        return user == 0 || user == owner;
    }

    /** Returns whether a user may have one more connection, and counts it if so. */
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

    /** Says that a connection of a user has ended, which had been counted. */
    synchronized void leave(int user) {
        all--;
        if (!isPrivileged(user)) {
            others--;
            users.computeIfPresent(user, (number, count) -> count == 1 ? null : count - 1);
        }
    }
}
