// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Nobody can lock root out of the control socket, nor one user all others. */
class AdmissionTest {
    private static final int ROOT = 0;
    private static final int OWNER = 1000;
    private static final int FIRST = 2000;

    private final Admission admission = new Admission(OWNER);

    private int enter(int user, int times) {
        int entered = 0;
        for (int i = 0; i < times; i++) {
            entered += admission.enter(user) ? 1 : 0;
        }
        return entered;
    }

    @Test
    void oneUserHasOnlySomeConnections() {
        assertThat(enter(FIRST, 100)).isEqualTo(Admission.MOST_OF_ONE_USER);
        assertThat(admission.enter(FIRST + 1)).isTrue();
    }

    @Test
    void allOthersTogetherLeaveRoomForRootAndTheOwner() {
        int others = 0;
        for (int user = FIRST; user < FIRST + 100; user++) {
            others += enter(user, 100);
        }
        assertThat(others).isEqualTo(Admission.MOST - Admission.RESERVED);
        assertThat(enter(ROOT, 2) + enter(OWNER, 100)).isEqualTo(Admission.RESERVED);
    }

    @Test
    void rootMayHaveThemAll() {
        assertThat(enter(ROOT, 100)).isEqualTo(Admission.MOST);
        assertThat(admission.enter(FIRST)).isFalse();
    }

    @Test
    void whatHasEndedIsNotCounted() {
        enter(FIRST, 100);
        enter(ROOT, 100);
        admission.leave(FIRST);
        assertThat(admission.enter(FIRST)).isTrue();
        admission.leave(ROOT);
        assertThat(admission.enter(FIRST)).as("the user's own limit").isFalse();
        assertThat(admission.enter(FIRST + 1)).isTrue();
        assertThat(admission.enter(ROOT)).as("the limit of all").isFalse();
    }
}
