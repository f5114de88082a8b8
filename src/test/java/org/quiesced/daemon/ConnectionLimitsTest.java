// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** No user can lock root out of the control socket, and no single user can lock the others out. */
class ConnectionLimitsTest {
    private static final int ROOT = 0;
    private static final int OWNER = 1000;
    private static final int FIRST = 2000;

    private final ConnectionLimits limits = new ConnectionLimits(OWNER);

    private int enter(int user, int times) {
        int entered = 0;
        for (int i = 0; i < times; i++) {
            entered += limits.enter(user) ? 1 : 0;
        }
        return entered;
    }

    @Test
    void userHasALimitOfConnections() {
        assertThat(enter(FIRST, 100)).isEqualTo(ConnectionLimits.MOST_OF_ONE_USER);
        assertThat(limits.enter(FIRST + 1)).isTrue();
    }

    @Test
    void connectionsForRootAndTheOwnerAreReserved() {
        int others = 0;
        for (int user = FIRST; user < FIRST + 100; user++) {
            others += enter(user, 100);
        }
        assertThat(others).isEqualTo(ConnectionLimits.MOST - ConnectionLimits.RESERVED);
        assertThat(enter(ROOT, 2) + enter(OWNER, 100)).isEqualTo(ConnectionLimits.RESERVED);
    }

    @Test
    void rootMayHaveAllConnections() {
        assertThat(enter(ROOT, 100)).isEqualTo(ConnectionLimits.MOST);
        assertThat(limits.enter(FIRST)).isFalse();
    }

    @Test
    void endedConnectionsAreNotCounted() {
        enter(FIRST, 100);
        enter(ROOT, 100);
        limits.leave(FIRST);
        assertThat(limits.enter(FIRST)).isTrue();
        limits.leave(ROOT);
        assertThat(limits.enter(FIRST)).as("the user's own limit").isFalse();
        assertThat(limits.enter(FIRST + 1)).isTrue();
        assertThat(limits.enter(ROOT)).as("the limit of all").isFalse();
    }
}
