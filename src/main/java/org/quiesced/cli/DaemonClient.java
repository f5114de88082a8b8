// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.quiesced.host.LocalListener.Connection;
import org.quiesced.host.SystemManager;
import org.quiesced.host.linux.LocalSocket;
import org.quiesced.report.ControlError;
import org.quiesced.report.PlanJson;
import org.quiesced.shutdown.Verb;
import org.quiesced.varlink.VarlinkStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The daemon of this machine, by its control socket. */
final class DaemonClient implements AutoCloseable {
    private static final String INTERFACE = ControlError.INTERFACE;
    /**
     * As long as systemd waits for a service to start: the daemon may have to share a slow processor with much else.
     */
    private static final Duration PATIENCE = SystemManager.DEFAULT_TIMEOUT;

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Connection connection;
    private final VarlinkStream stream;

    private DaemonClient(Connection connection) {
        this.connection = connection;
        // The daemon is trusted: a machine has as many devices as it has.
        this.stream = new VarlinkStream(connection, Integer.MAX_VALUE);
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
            return Optional.of(new DaemonClient(LocalSocket.connect(socket)));
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
        return receive(PATIENCE).path("parameters");
    }

    /** Calls a method that answers several times. */
    void send(String method, Map<String, ?> parameters, boolean more) {
        try {
            byte[] call = MAPPER.writeValueAsBytes(
                    Map.of("method", INTERFACE + "." + method, "parameters", parameters, "more", more));
            stream.write(call, PATIENCE);
        } catch (IOException e) {
            throw new Failure("the daemon does not listen: " + e.getMessage());
        }
    }

    /** Waits for the next answer for as long as it takes. */
    JsonNode receiveWheneverItComes() {
        return receive(Duration.ZERO);
    }

    private JsonNode receive(Duration patience) {
        JsonNode reply;
        try {
            reply = MAPPER.readTree(
                    stream.read(patience, PATIENCE).orElseThrow(() -> new IOException("it has closed the connection")));
        } catch (SocketTimeoutException e) {
            throw new Failure("no answer from the daemon within " + PATIENCE.toSeconds()
                    + " s; see \"systemctl status quiesced.service\"");
        } catch (IOException e) {
            throw new Failure("no answer from the daemon: " + e.getMessage());
        }
        String error = reply.path("error").asString("");
        if (error.isEmpty()) {
            return reply;
        }
        throw new Failure(DaemonErrors.describe(error, reply.path("parameters")));
    }

    /** Asks for the plan. */
    PlanJson plan(Verb verb) {
        return understand(call("Plan", Map.of("verb", verb.word())), PlanJson.class);
    }

    /**
     * Returns what an answer says.
     *
     * @throws Failure if it is not of this version of the interface
     */
    <T> T understand(JsonNode answer, Class<T> type) {
        try {
            return MAPPER.treeToValue(answer, type);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new Failure(
                    "the daemon answers what this version of quiescectl does not understand; " + DaemonErrors.RESTART);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
