// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.quiesced.host.LocalListener.Connection;
import org.quiesced.report.ControlError;
import org.quiesced.report.EventJson;
import org.quiesced.report.OutcomeCounts;
import org.quiesced.run.Event;
import org.quiesced.varlink.VarlinkConnection;
import org.quiesced.varlink.VarlinkException;

/**
 * Sends the events of shutdowns to subscribers. A run never waits for them: a subscriber that is too slow loses the
 * stream.
 */
class EventStream {
    private static final int QUEUE = 16_384;
    /** Interval between checks whether a subscriber is still connected. */
    private static final long LOOK_SECONDS = 30;

    private final CopyOnWriteArrayList<Follower> followers = new CopyOnWriteArrayList<>();

    private static final class Follower {
        private final BlockingQueue<EventJson> queue = new ArrayBlockingQueue<>(QUEUE);
        private volatile boolean lost;
    }

    /** Tells of an event. */
    void tell(Event event) {
        if (!followers.isEmpty()) {
            send(EventJson.of(event));
        }
    }

    /**
     * Tells of the end of a run.
     *
     * @param took how long it took, in nanoseconds
     * @param drives how many drives came to which outcome
     */
    void end(long took, OutcomeCounts drives) {
        send(EventJson.end(took, drives));
    }

    private void send(EventJson event) {
        for (Follower follower : followers) {
            if (!follower.queue.offer(event)) {
                follower.lost = true;
            }
        }
    }

    /**
     * Sends the events of the next run, until its end.
     *
     * @throws VarlinkException if events were lost
     */
    void follow(Connection connection, VarlinkConnection.Answers answers) throws IOException, VarlinkException {
        Follower follower = new Follower();
        followers.add(follower);
        try {
            while (!follower.lost) {
                EventJson event = follower.queue.poll(LOOK_SECONDS, TimeUnit.SECONDS);
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
