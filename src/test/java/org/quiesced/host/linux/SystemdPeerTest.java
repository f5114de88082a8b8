// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.host.LocalListener.Connection;
import org.quiesced.host.SystemManager;

/** A connection to systemd, with a socket in place of systemd. */
@Timeout(30)
abstract class SystemdPeerTest {
    @TempDir
    Path directory;

    /** The value of the property for a unit without a job. */
    static final byte[] NO_JOB = job(0, "/");

    LocalSocket socket;
    SystemManager manager;

    @BeforeEach
    void listen() throws IOException {
        socket = LocalSocket.listen(directory.resolve("private"), Optional.empty());
        manager = new SystemdPrivateBus(directory.resolve("private"));
    }

    @AfterEach
    void close() {
        socket.close();
    }

    /** Behaviour of the peer after it has accepted a connection. */
    interface Behaviour {
        void with(Connection connection) throws IOException;
    }

    CompletableFuture<Void> systemd(Behaviour behaviour) {
        return CompletableFuture.runAsync(() -> {
            try (Connection connection = socket.accept()) {
                behaviour.with(connection);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /**
     * A reply to a query.
     *
     * @param isLast whether no further query is expected
     */
    record Reply(byte[] message, boolean isLast) {}

    /** Answers queries, each of which comes on a connection of its own. */
    CompletableFuture<Void> answering(Function<String, Reply> replies) {
        return CompletableFuture.runAsync(() -> {
            boolean isOver = false;
            while (!isOver) {
                try (Connection connection = socket.accept()) {
                    Reply reply = replies.apply(letIn(connection));
                    connection.write(reply.message());
                    isOver = reply.isLast();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
    }

    static String read(Connection connection) throws IOException {
        byte[] buffer = new byte[4096];
        return new String(buffer, 0, connection.read(buffer), StandardCharsets.ISO_8859_1);
    }

    /**
     * Authenticates a client; returns the bytes received from it. Like systemd, ignores bytes received with BEGIN or
     * before it.
     */
    static String letIn(Connection connection) throws IOException {
        String greeting = read(connection);
        if (!greeting.endsWith("\r\nBEGIN\r\n")) {
            throw new IOException("not heard: " + greeting);
        }
        connection.write("OK 0123456789abcdef0123456789abcdef\r\n".getBytes(StandardCharsets.US_ASCII));
        StringBuilder rest = new StringBuilder();
        while (!rest.toString().matches("(?s).*(Job|JobType|ActiveState|fail)\0")) {
            rest.append(read(connection));
        }
        return greeting + rest;
    }

    /** Returns an answer to call 1: a string in a variant. */
    static byte[] answer(String value) {
        byte[] text = value.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer buffer = ByteBuffer.allocate(32 + 9 + text.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(DBusMessageTest.bytes("6c020101")).putInt(9 + text.length).putInt(1);
        buffer.put(DBusMessageTest.bytes("0f000000" + "0501750001000000" + "0801670001760000" + "01730000"));
        buffer.putInt(text.length).put(text).put((byte) 0);
        return buffer.array();
    }

    /** Returns an answer to call 1: the number and the path of a job, in a variant. */
    static byte[] job(int number, String path) {
        byte[] text = path.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer buffer = ByteBuffer.allocate(32 + 17 + text.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(DBusMessageTest.bytes("6c020101")).putInt(17 + text.length).putInt(1);
        buffer.put(DBusMessageTest.bytes("0f000000" + "0501750001000000" + "0801670001760000" + "0428756f29000000"));
        buffer.putInt(number).putInt(text.length).put(text).put((byte) 0);
        return buffer.array();
    }
}
