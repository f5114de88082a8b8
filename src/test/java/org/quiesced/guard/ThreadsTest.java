// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ThreadsTest {
    private static final int TIMES = 3;

    /** If the thread ended the process, this test would not return. */
    @Test
    void lostThreadDoesNotEndTheProcessWithDevicesInFlight() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(TIMES);
        Threads threads = new Threads(() -> {
            asked.countDown();
            return true;
        });
        threads.start("lost", () -> {
            throw new IllegalStateException("no memory");
        });

        assertThat(asked.await(30, SECONDS)).as("asked time and again").isTrue();
    }
}
