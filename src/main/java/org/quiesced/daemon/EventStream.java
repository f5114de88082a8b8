// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.quiesced.host.LocalListener.Connection;
import org.quiesced.report.ControlError;
import org.quiesced.report.EventJson;
import org.quiesced.report.OutcomeCounts;
import org.quiesced.run.Event;
import org.quiesced.varlink.VarlinkConnection;
import org.quiesced.varlink.VarlinkException;

/**
 * Sends the events of shutdowns to the subscribers of the control socket. Never blocks a run: a subscriber that does
 * not keep up loses the stream. Safe for use by several threads.
 */
class EventStream {
    /** Maximum number of events that wait for one subscriber. */
    private static final int QUEUE = 16_384;
    /** Interval between checks whether a subscriber is still connected. */
    private static final Duration POLL = Duration.ofSeconds(30);

    private final Duration poll;
    private final CopyOnWriteArrayList<Follower> followers = new CopyOnWriteArrayList<>();

    /** Counts events that could not be made. A failure, such as a lack of memory, changes nothing but this number. */
    private final AtomicInteger failures = new AtomicInteger();

    EventStream() {
        this(POLL);
    }

    EventStream(Duration poll) {
        this.poll = poll;
    }

    private static final class Follower {
        private final BlockingQueue<EventJson> queue = new ArrayBlockingQueue<>(QUEUE);
        private volatile boolean lost;
    }

    /** Queues an event for each subscriber. Never throws, because it is called on the thread of a run. */
    void tell(Event event) {
        if (EventJson.isReported(event)) {
            send(() -> EventJson.of(event));
        }
    }

    /**
     * Queues the end of a run for each subscriber. Never throws.
     *
     * @param took duration of the run, in nanoseconds
     * @param drives returns the number of drives for each outcome; called only if there is a subscriber
     */
    void end(long took, Supplier<OutcomeCounts> drives) {
        send(() -> EventJson.end(took, drives.get()));
    }

    private void send(Supplier<EventJson> made) {
        if (followers.isEmpty()) {
            return;
        }
        try {
            EventJson event = made.get();
            for (Follower follower : followers) {
                if (!follower.queue.offer(event)) {
                    follower.lost = true;
                }
            }
        } catch (RuntimeException | Error e) {
            failures.incrementAndGet();
        }
    }

    /**
     * Sends the events of the next run to a subscriber and returns at the end of that run, or when the connection is
     * closed.
     *
     * @throws VarlinkException with {@link ControlError.EventsLost} if the queue overflowed or an event was not made
     */
    void follow(Connection connection, VarlinkConnection.Answers answers) throws IOException, VarlinkException {
        int failedBefore = failures.get();
        Follower follower = new Follower();
        followers.add(follower);
        try {
            while (!follower.lost && failures.get() == failedBefore) {
                EventJson event = follower.queue.poll(poll.toMillis(), TimeUnit.MILLISECONDS);
                if (event != null) {
                    boolean last = event.kind() == EventJson.Kind.END;
                    answers.answer(event, !last);
                    if (last) {
                        return;
                    }
                } else if (connection.isClosedByPeer()) {
                    return;
                }
            }
            ControlError lost = new ControlError.EventsLost(QUEUE);
            throw ControlInterface.refusal(lost);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        } finally {
            followers.remove(follower);
        }
    }
}
