// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ThreadWorkerPoolTest {
    private final ThreadWorkerPool<String> crew = new ThreadWorkerPool<>(new IdleWorkers());

    private long soon() {
        return crew.now() + 10_000_000_000L;
    }

    @Test
    void tasksRunAtTheSameTime() throws NoWorkerException {
        CountDownLatch both = new CountDownLatch(2);
        for (String name : new String[] {"a", "b"}) {
            crew.start(name, mailbox -> {
                both.countDown();
                await(both);
                mailbox.accept(name);
            });
        }

        assertThat(crew.await(soon())).isPresent();
        assertThat(crew.await(soon())).isPresent();
    }

    @Test
    void theReservedWorkerTakesOneTaskAfterTheOther() throws NoWorkerException {
        CountDownLatch second = new CountDownLatch(1);
        crew.startReserved(mailbox -> {
            mailbox.accept(second.getCount() == 1 ? "first alone" : "at the same time");
        });
        crew.startReserved(mailbox -> {
            second.countDown();
            mailbox.accept("second");
        });

        assertThat(crew.await(soon())).contains("first alone");
        assertThat(crew.await(soon())).contains("second");
    }

    @Test
    void theReservedWorkerIsNotTheCoordinator() throws NoWorkerException {
        CountDownLatch held = new CountDownLatch(1);
        crew.startReserved(mailbox -> await(held));

        assertThat(crew.await(crew.now() + 1_000_000))
                .as("the coordinator goes on")
                .isEmpty();
        held.countDown();
    }

    @Test
    void aThreadThatTheSystemRefusesIsAMissingWorker() {
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
    void waitingEndsAtItsTime() {
        long until = crew.now() + 1_000_000;

        assertThat(crew.await(until)).isEmpty();
        assertThat(crew.now()).isGreaterThanOrEqualTo(until);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
