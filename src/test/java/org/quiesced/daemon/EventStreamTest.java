// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.quiesced.host.LocalListener.Peer;
import org.quiesced.varlink.VarlinkException;

/**
 * A run sends its events to subscribers. It does no work for them without a subscription, and does not fail because of
 * one.
 */
@Timeout(60)
class EventStreamTest {
    private final EventStream stream = new EventStream(Duration.ofMillis(50));
    private final FutureTask<Boolean> subscription = new FutureTask<>(() -> {
        stream.follow(new IdleConnection(new Peer(0, Set.of()), false), (parameters, continues) -> {});
        return true;
    });
    private final Thread subscriber = new Thread(subscription);

    private void subscribe() throws InterruptedException {
        subscriber.start();
        Awaiting.until(() -> subscriber.getState() == Thread.State.TIMED_WAITING);
    }

    @AfterEach
    void unsubscribe() {
        subscriber.interrupt();
    }

    @Test
    void countsAreNotMadeWithoutASubscriber() {
        AtomicInteger made = new AtomicInteger();

        stream.end(0, () -> {
            made.incrementAndGet();
            throw new IllegalStateException("a defect");
        });

        assertThat(made).hasValue(0);
    }

    @Test
    void failureEndsTheSubscriptionAndDoesNotReachTheRun() throws InterruptedException {
        subscribe();

        stream.end(0, () -> {
            throw new OutOfMemoryError("a defect");
        });

        assertThatThrownBy(subscription::get).hasCauseInstanceOf(VarlinkException.class);
    }
}
