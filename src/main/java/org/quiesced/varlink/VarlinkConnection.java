// SPDX-License-Identifier: Apache-2.0
package org.quiesced.varlink;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.quiesced.host.LocalListener.Connection;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves one connection of a Varlink client. Closes it after a message that is too long, too slow, or not a call. For
 * one thread.
 */
public final class VarlinkConnection {
    /** Maximum length of a call, in bytes; known calls contain little more than a verb. */
    public static final int LONGEST_CALL = 64 * 1024;
    /** Time limit between two calls. */
    private static final Duration IDLE = Duration.ofSeconds(60);
    /** Time limit for a call, from its first byte. */
    public static final Duration SLOWEST_CALL = Duration.ofSeconds(5);

    /** Time limit for the client to receive an answer of any size. */
    static final Duration SLOWEST_ANSWER = Duration.ofSeconds(10);

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Connection connection;
    private final VarlinkService service;
    private final VarlinkStream stream;

    /** Creates an instance; reads nothing yet. */
    public VarlinkConnection(Connection connection, VarlinkService service) {
        this.connection = connection;
        this.service = service;
        this.stream = new VarlinkStream(connection, LONGEST_CALL);
    }

    /** Receiver of the answers to a call. */
    public interface Answers {
        /**
         * Sends an answer.
         *
         * @param continues whether another answer follows
         * @throws IOException if the client does not receive it in time
         */
        void answer(Object parameters, boolean continues) throws IOException;
    }

    /**
     * Serves calls until the client closes the connection or is idle for too long.
     *
     * @throws IOException if the connection fails or a message is invalid
     */
    public void serve() throws IOException {
        Optional<byte[]> message = stream.read(IDLE, SLOWEST_CALL);
        while (message.isPresent()) {
            answer(call(message.get()));
            message = stream.read(IDLE, SLOWEST_CALL);
        }
    }

    private static JsonNode call(byte[] message) throws IOException {
        try {
            JsonNode call = MAPPER.readTree(message);
            if (!call.path("method").isString()) {
                throw new IOException("not a call");
            }
            return call;
        } catch (JacksonException e) {
            throw new IOException("not JSON");
        }
    }

    private void answer(JsonNode call) throws IOException {
        boolean oneway = call.path("oneway").asBoolean(false);
        boolean more = call.path("more").asBoolean(false);
        try {
            service.call(
                    call.get("method").asString(),
                    call.path("parameters"),
                    more,
                    connection,
                    (parameters, continues) -> send(new Reply(parameters, continues), oneway));
        } catch (VarlinkException e) {
            if (stream.isBroken()) {
                throw new IOException("an answer broke off: " + e.getMessage());
            }
            send(new Refusal(e.error(), e.parameters()), oneway);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    private record Reply(@JsonInclude Object parameters, boolean continues) {}

    private record Refusal(String error, Object parameters) {}

    private void send(Object reply, boolean oneway) throws IOException {
        if (!oneway) {
            stream.write(out -> MAPPER.writeValue(out, reply), SLOWEST_ANSWER);
        }
    }
}
