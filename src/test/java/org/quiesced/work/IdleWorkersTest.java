// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Idle threads take one task at a time, and are idle again afterwards. */
class IdleWorkersTest {
    private final IdleWorkers workers = new IdleWorkers();

    @Test
    void poolIsEmptyWithoutPreparation() {
        assertThat(workers.run(() -> {})).isFalse();
    }

    @Test
    void workerTakesOneTaskAtATime() throws InterruptedException {
        workers.prepare(2);
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        Runnable task = () -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                return;
            }
        };

        assertThat(workers.run(task)).isTrue();
        assertThat(workers.run(task)).isTrue();
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(workers.run(task)).as("a third task, with both at work").isFalse();
        end.countDown();
    }

    @Test
    void workerIsIdleAgainAfterItsTask() throws InterruptedException {
        workers.prepare(1);
        for (int i = 0; i < 100; i++) {
            CountDownLatch done = new CountDownLatch(1);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!workers.run(done::countDown)) {
                assertThat(System.nanoTime()).isLessThan(end);
                Thread.onSpinWait();
            }
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
