// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.quiesced.host.LocalListener.Connection;
import org.quiesced.host.LocalListener.Peer;
import org.quiesced.run.Event;
import org.quiesced.varlink.VarlinkConnection;

/**
 * The control socket closes connections whose calls are malformed, oversized or slow, and those beyond the limit. A
 * slow follower of events gets an error.
 */
class ControlConnectionsTest extends ServedSocketTest {
    @Test
    void slowFollowerOfEventsGetsAnError() throws Exception {
        EventStream stream = new EventStream();
        Event event = new Event.Started(daemon.current().seen().driven().get(0), 0, Event.Place.WORKER);

        AtomicBoolean follows = new AtomicBoolean();
        Thread run = new Thread(() -> {
            while (!follows.get()) {
                stream.tell(event);
            }
        });
        run.start();

        assertThatThrownBy(() -> stream.follow(new IdleConnection(new Peer(0, Set.of()), true), (answer, continues) -> {
                    follows.set(true);
                    // During this answer, more events arrive than are kept.
                    for (int i = 0; i < 20_000; i++) {
                        stream.tell(event);
                    }
                }))
                .hasMessage("org.quiesced.Control.EventsLost");
    }

    private void assertThatItIsCut(String bytes) throws IOException {
        try (Connection connection = connect()) {
            try {
                write(connection, bytes);
            } catch (IOException e) {
                // The connection was closed during the write.
                return;
            }
            assertThatItIsCut(connection);
        }
    }

    private static void assertThatItIsCut(Connection connection) {
        try {
            assertThat(connection.read(new byte[1])).isZero();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("Connection reset");
        }
    }

    @Test
    void malformedCallClosesTheConnection() throws IOException {
        assertThatItIsCut("hello\0");
        assertThatItIsCut("\0");
        assertThatItIsCut("[1, 2]\0");
        assertThatItIsCut("{\"method\":7}\0");
        assertThatItIsCut("{\"a\":".repeat(5000) + "\0");
        assertThat(ask("{\"method\":\"org.quiesced.Control.Status\"}").toString())
                .contains("\"drivesParallel\":24");
    }

    @Test
    void oversizedCallClosesTheConnection() throws IOException {
        assertThatItIsCut("{\"method\":\"" + "x".repeat(2 * VarlinkConnection.LONGEST_CALL));
    }

    @Test
    void slowCallClosesTheConnection() throws Exception {
        try (Connection connection = connect()) {
            long end = System.nanoTime()
                    + VarlinkConnection.SLOWEST_CALL.multipliedBy(4).toNanos();
            boolean cut = false;
            while (!cut && System.nanoTime() < end) {
                try {
                    write(connection, " ");
                    TimeUnit.MILLISECONDS.sleep(300);
                } catch (IOException e) {
                    cut = true;
                }
            }
            assertThat(cut).isTrue();
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosed() throws IOException {
        List<Connection> open = new ArrayList<>();
        try {
            for (int i = 0; i < ConnectionLimits.MOST; i++) {
                Connection connection = connect();
                open.add(connection);
                write(connection, "{\"method\":\"org.quiesced.Control.Status\"}\0");
                assertThat(read(connection)).contains("\"drivesParallel\":24");
            }
            try (Connection tooMany = connect()) {
                assertThatItIsCut(tooMany);
            }
        } finally {
            open.forEach(Connection::close);
        }
    }
}
