// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.quiesced.kernel.LocalListener.Connection;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One connection of somebody who speaks Varlink: JSON objects, each ended by a zero byte. What is too long, too slow or no call at all ends
 * the connection.
 */
final class VarlinkConnection {
    /** No call that we know has more than a verb in it. */
    static final int LONGEST_CALL = 64 * 1024;
    /** How long a connection may be without a call. */
    private static final Duration IDLE = Duration.ofSeconds(60);
    /** How long a call may take to arrive. */
    static final Duration SLOWEST_CALL = Duration.ofSeconds(5);

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Connection connection;
    private final ControlInterface control;
    private final byte[] buffer = new byte[4096];
    private byte[] pending = new byte[0];

    VarlinkConnection(Connection connection, ControlInterface control) {
        this.connection = connection;
        this.control = control;
    }

    /** Takes the answers to a call. */
    interface Answers {
        /** Sends an answer, after which more will come or not. */
        void answer(Object parameters, boolean continues) throws IOException;
    }

    /**
     * Serves until the other end has enough, or we have of it.
     *
     * @throws IOException if the connection breaks, or is cut
     */
    void serve() throws IOException {
        for (Optional<byte[]> message = next(); message.isPresent(); message = next()) {
            JsonNode call;
            try {
                call = MAPPER.readTree(message.get());
            } catch (JacksonException e) {
                throw new IOException("not JSON");
            }
            if (!call.path("method").isString()) {
                throw new IOException("not a call");
            }
            answer(call);
        }
    }

    private void answer(JsonNode call) throws IOException {
        boolean oneway = call.path("oneway").asBoolean(false);
        boolean more = call.path("more").asBoolean(false);
        try {
            control.call(
                    call.get("method").asString(),
                    call.path("parameters"),
                    more,
                    connection,
                    (parameters, continues) -> {
                        ObjectNode reply = MAPPER.createObjectNode();
                        reply.set("parameters", MAPPER.valueToTree(parameters));
                        if (continues) {
                            reply.put("continues", true);
                        }
                        send(reply, oneway);
                    });
        } catch (VarlinkException e) {
            ObjectNode reply = MAPPER.createObjectNode();
            reply.put("error", e.error());
            reply.set("parameters", MAPPER.valueToTree(e.parameters()));
            send(reply, oneway);
        }
    }

    private void send(ObjectNode reply, boolean oneway) throws IOException {
        if (!oneway) {
            byte[] json = MAPPER.writeValueAsBytes(reply);
            connection.limitWaiting(SLOWEST_CALL);
            connection.write(Arrays.copyOf(json, json.length + 1));
        }
    }

    /** Returns the next message without its zero byte, or nothing at the end. */
    private Optional<byte[]> next() throws IOException {
        long begin = System.nanoTime();
        while (true) {
            for (int i = 0; i < pending.length; i++) {
                if (pending[i] == 0) {
                    byte[] message = Arrays.copyOf(pending, i);
                    pending = Arrays.copyOfRange(pending, i + 1, pending.length);
                    return Optional.of(message);
                }
            }
            if (pending.length > LONGEST_CALL) {
                throw new IOException("a call is too long");
            }
            if (pending.length == 0) {
                connection.limitWaiting(IDLE);
                begin = System.nanoTime();
            } else {
                Duration left = SLOWEST_CALL.minusNanos(System.nanoTime() - begin);
                if (left.isNegative() || left.toMillis() == 0) {
                    throw new IOException("a call is too slow");
                }
                connection.limitWaiting(left);
            }
            int length = connection.read(buffer);
            if (length == 0) {
                return Optional.empty();
            }
            if (pending.length == 0) {
                begin = System.nanoTime();
            }
            int old = pending.length;
            pending = Arrays.copyOf(pending, old + length);
            System.arraycopy(buffer, 0, pending, old, length);
        }
    }
}
