// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.quiesced.config.TreeReader;
import org.quiesced.host.LocalListener.Connection;
import org.quiesced.host.SystemManager;
import org.quiesced.host.linux.LocalSocket;
import org.quiesced.report.ControlError;
import org.quiesced.report.PlanJson;
import org.quiesced.shutdown.Verb;
import org.quiesced.varlink.VarlinkStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A connection to the daemon's control socket. */
final class DaemonClient implements AutoCloseable {
    private static final String INTERFACE = ControlError.INTERFACE;
    /**
     * Time limit of a call. It equals systemd's default start timeout, because the daemon may share a slow processor.
     */
    private static final Duration PATIENCE = SystemManager.DEFAULT_TIMEOUT;

    /** No mapper, whose classes take longer to load than a call takes: see "Libraries" in facts.md. */
    private static final JsonFactory FACTORY = new JsonFactory();

    private final Connection connection;
    private final VarlinkStream stream;

    private DaemonClient(Connection connection) {
        this.connection = connection;
        // Replies have no size limit: the daemon is trusted, and their size depends on the number of devices.
        this.stream = new VarlinkStream(connection, Integer.MAX_VALUE);
    }

    /**
     * Connects to the daemon.
     *
     * @return the connection; empty if no daemon runs
     * @throws Failure if the socket exists and this user may not connect to it
     */
    static Optional<DaemonClient> connect(Path runtimeDirectory) {
        Path socket = runtimeDirectory.resolve(INTERFACE);
        try {
            return Optional.of(new DaemonClient(LocalSocket.connect(socket)));
        } catch (IOException e) {
            if (Files.exists(socket) && !Files.isWritable(socket)) {
                throw new Failure(
                        socket + ": Permission denied (only root and the members of the configured group may use the"
                                + " daemon's socket)");
            }
            return Optional.empty();
        }
    }

    /**
     * Calls a method without parameters and returns the parameters of its reply.
     *
     * @throws Failure if the reply is an error, or none arrives in time
     */
    JsonNode call(String method) {
        return call(method, parameters -> {});
    }

    /**
     * Calls a method and returns the parameters of its reply.
     *
     * @param parameters writes the properties of the parameters
     * @throws Failure if the reply is an error, or none arrives in time
     */
    private JsonNode call(String method, Consumer<JsonGenerator> parameters) {
        send(method, parameters, false);
        return receive(PATIENCE).path("parameters");
    }

    /**
     * Sends a method call.
     *
     * @param parameters writes the properties of the parameters
     * @param more whether the caller accepts several replies
     */
    void send(String method, Consumer<JsonGenerator> parameters, boolean more) {
        ByteArrayOutputStream call = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), call, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeStringProperty("method", INTERFACE + "." + method);
            json.writeObjectPropertyStart("parameters");
            parameters.accept(json);
            json.writeEndObject();
            json.writeBooleanProperty("more", more);
            json.writeEndObject();
        }
        try {
            stream.write(call.toByteArray(), PATIENCE);
        } catch (IOException e) {
            throw new Failure("cannot send to the daemon: " + e.getMessage());
        }
    }

    /** Waits for the next reply, without a time limit. */
    JsonNode receiveWheneverItComes() {
        return receive(Duration.ZERO);
    }

    private JsonNode receive(Duration patience) {
        byte[] message;
        try {
            message =
                    stream.read(patience, PATIENCE).orElseThrow(() -> new IOException("it has closed the connection"));
        } catch (SocketTimeoutException e) {
            throw new Failure("no answer from the daemon within " + PATIENCE.toSeconds()
                    + "s; see \"systemctl status quiesced.service\"");
        } catch (IOException e) {
            throw new Failure("no answer from the daemon: " + e.getMessage());
        }
        JsonNode reply;
        try {
            reply = TreeReader.json(message);
        } catch (JacksonException e) {
            throw mismatch();
        }
        String error = reply.path("error").asString("");
        if (error.isEmpty()) {
            return reply;
        }
        throw new Failure(DaemonErrors.describe(error, reply.path("parameters")));
    }

    /** Requests the plan for a verb. */
    PlanJson plan(Verb verb) {
        return understand(
                call("Plan", parameters -> parameters.writeStringProperty("verb", verb.word())), PlanJson.class);
    }

    /**
     * Converts reply parameters to a type.
     *
     * @throws Failure if they do not match this version of the interface
     */
    <T> T understand(JsonNode answer, Class<T> type) {
        try {
            return JsonMapper.shared().treeToValue(answer, type);
        } catch (JacksonException | IllegalArgumentException e) {
            throw mismatch();
        }
    }

    private static Failure mismatch() {
        return new Failure(
                "the reply of the daemon does not match this version of quiescectl; " + DaemonErrors.RESTART);
    }

    @Override
    public void close() {
        connection.close();
    }
}
