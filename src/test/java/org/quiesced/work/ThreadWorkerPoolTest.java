// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ThreadWorkerPoolTest {
    private final ThreadWorkerPool<String> pool = new ThreadWorkerPool<>(new IdleWorkers());

    private long soon() {
        return pool.now() + 10_000_000_000L;
    }

    @Test
    void tasksRunConcurrently() throws NoWorkerException {
        CountDownLatch both = new CountDownLatch(2);
        for (String name : new String[] {"a", "b"}) {
            pool.start(name, mailbox -> {
                both.countDown();
                await(both);
                mailbox.accept(name);
            });
        }

        assertThat(pool.await(soon())).isPresent();
        assertThat(pool.await(soon())).isPresent();
    }

    @Test
    void reservedWorkerRunsTasksOneByOne() throws NoWorkerException {
        CountDownLatch second = new CountDownLatch(1);
        pool.startReserved(mailbox -> {
            mailbox.accept(second.getCount() == 1 ? "first alone" : "at the same time");
        });
        pool.startReserved(mailbox -> {
            second.countDown();
            mailbox.accept("second");
        });

        assertThat(pool.await(soon())).contains("first alone");
        assertThat(pool.await(soon())).contains("second");
    }

    @Test
    void reservedWorkerDoesNotBlockTheCoordinator() throws NoWorkerException {
        CountDownLatch held = new CountDownLatch(1);
        pool.startReserved(mailbox -> await(held));

        assertThat(pool.await(pool.now() + 1_000_000))
                .as("the coordinator goes on")
                .isEmpty();
        held.countDown();
    }

    @Test
    void refusedThreadIsAMissingWorker() {
        ThreadWorkerPool<String> refused = new ThreadWorkerPool<>(new IdleWorkers(), task -> new Thread(task) {
            @Override
            public void start() {
                throw new OutOfMemoryError("unable to create native thread");
            }
        });

        assertThatThrownBy(() -> refused.start("a", mailbox -> mailbox.accept("never")))
                .isInstanceOf(NoWorkerException.class)
                .hasMessage("unable to create native thread");
        assertThat(refused.await(refused.now())).isEmpty();
    }

    @Test
    void waitEndsAtItsTime() {
        long until = pool.now() + 1_000_000;

        assertThat(pool.await(until)).isEmpty();
        assertThat(pool.now()).isGreaterThanOrEqualTo(until);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
