// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.quiesced.kernel.LocalListener.Connection;
import org.quiesced.kernel.linux.LocalSocket;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The daemon of this machine, by its control socket. */
final class DaemonClient implements AutoCloseable {
    private static final String INTERFACE = "io.quiesced.Control";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Connection connection;
    private final byte[] buffer = new byte[16_384];
    private byte[] pending = new byte[0];

    private DaemonClient(Connection connection) {
        this.connection = connection;
    }

    /**
     * Connects to the daemon.
     *
     * @return the connection, or nothing if no daemon runs
     * @throws Failure if there is one that we may not ask
     */
    static Optional<DaemonClient> connect(Path runtimeDirectory) {
        Path socket = runtimeDirectory.resolve(INTERFACE);
        try {
            Connection connection = LocalSocket.connect(socket);
            connection.limitWaiting(PATIENCE);
            return Optional.of(new DaemonClient(connection));
        } catch (IOException e) {
            if (Files.exists(socket) && !Files.isWritable(socket)) {
                throw new Failure(
                        socket + ": Permission denied (only root, and the group that the configuration names, may ask"
                                + " the daemon)");
            }
            return Optional.empty();
        }
    }

    /**
     * Calls a method and returns what it answers.
     *
     * @throws Failure if it answers with an error, or not at all
     */
    JsonNode call(String method, Map<String, ?> parameters) {
        send(method, parameters, false);
        return receive().path("parameters");
    }

    /** Calls a method that answers several times. */
    void send(String method, Map<String, ?> parameters, boolean more) {
        try {
            byte[] json = MAPPER.writeValueAsBytes(
                    Map.of("method", INTERFACE + "." + method, "parameters", parameters, "more", more));
            connection.write(Arrays.copyOf(json, json.length + 1));
        } catch (IOException e) {
            throw new Failure("the daemon does not listen: " + e.getMessage());
        }
    }

    /** Waits for the next answer for as long as it takes. */
    JsonNode receiveWheneverItComes() {
        try {
            connection.limitWaiting(Duration.ZERO);
        } catch (IOException e) {
            throw new Failure("the daemon is gone: " + e.getMessage());
        }
        return receive();
    }

    private JsonNode receive() {
        JsonNode reply = MAPPER.readTree(message());
        String error = reply.path("error").asString("");
        if (error.isEmpty()) {
            return reply;
        }
        if (error.endsWith(".BrokenConfiguration")) {
            String problems = reply.path("parameters")
                    .path("problems")
                    .valueStream()
                    .map(JsonNode::asString)
                    .collect(Collectors.joining("\n"));
            throw new Failure(problems + "\nthe configuration is broken; the old one stays in force");
        }
        if (error.endsWith(".PermissionDenied")) {
            throw new Failure("only root may ask the daemon for that");
        }
        throw new Failure("the daemon answers " + error);
    }

    private byte[] message() {
        try {
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            while (true) {
                for (int i = 0; i < pending.length; i++) {
                    if (pending[i] == 0) {
                        message.write(pending, 0, i);
                        pending = Arrays.copyOfRange(pending, i + 1, pending.length);
                        return message.toByteArray();
                    }
                }
                message.writeBytes(pending);
                int length = connection.read(buffer);
                if (length == 0) {
                    throw new IOException("it has closed the connection");
                }
                pending = Arrays.copyOf(buffer, length);
            }
        } catch (IOException e) {
            throw new Failure("no answer from the daemon: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
