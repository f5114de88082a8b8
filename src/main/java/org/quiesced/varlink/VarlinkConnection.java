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

/** One connection of a Varlink client. A message that is too long, too slow or no call at all ends the connection. */
public final class VarlinkConnection {
    /** Longest call, in bytes: no known call has more than a verb in it. */
    public static final int LONGEST_CALL = 64 * 1024;
    /** How long a connection may be without a call. */
    private static final Duration IDLE = Duration.ofSeconds(60);
    /** How long a call may take to arrive. */
    public static final Duration SLOWEST_CALL = Duration.ofSeconds(5);

    /** How long an answer may take to be received, whatever its size. */
    static final Duration SLOWEST_ANSWER = Duration.ofSeconds(10);

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Connection connection;
    private final VarlinkService service;
    private final VarlinkStream stream;

    public VarlinkConnection(Connection connection, VarlinkService service) {
        this.connection = connection;
        this.service = service;
        this.stream = new VarlinkStream(connection, LONGEST_CALL);
    }

    /** Takes the answers to a call. */
    public interface Answers {
        /** Sends an answer, after which more will come or not. */
        void answer(Object parameters, boolean continues) throws IOException;
    }

    /**
     * Serves until the other end has enough, or we have of it.
     *
     * @throws IOException if the connection breaks, or is cut
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
