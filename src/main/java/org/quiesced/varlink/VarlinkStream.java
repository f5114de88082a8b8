// SPDX-License-Identifier: Apache-2.0
package org.quiesced.varlink;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.quiesced.host.LocalListener.Connection;
import tools.jackson.core.exc.JacksonIOException;

/**
 * A stream of Varlink messages on a connection, each terminated by a zero byte. One thread may read while another
 * writes.
 */
public final class VarlinkStream {
    private final Connection connection;
    private final int longest;
    private final byte[] buffer = new byte[16_384];
    /**
     * Bytes that were received but not returned yet. Doubles when full, so that a long message is not copied for each
     * piece of it.
     */
    private byte[] pending = new byte[0];

    private int length;
    private boolean broken;

    /**
     * Creates a stream.
     *
     * @param longest maximum length of a received message, in bytes
     */
    public VarlinkStream(Connection connection, int longest) {
        this.connection = connection;
        this.longest = longest;
    }

    /**
     * Writes a message.
     *
     * @param limit time limit for the whole message
     * @throws IOException if the peer does not receive it in time
     */
    public void write(byte[] message, Duration limit) throws IOException {
        write(out -> out.write(message), limit);
    }

    /** Writes the content of a message. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes the content. Need not close the stream.
         *
         * @throws IOException if the stream throws it
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a message piece by piece while it is created, without ever holding it in memory as a whole.
     *
     * @param limit time limit for the whole message
     * @throws IOException if the peer does not receive it in time; it may have received a part of it
     */
    public void write(Content content, Duration limit) throws IOException {
        TimedOutput out = new TimedOutput(connection, limit);
        boolean whole = false;
        try {
            content.writeTo(out);
            out.end();
            whole = true;
        } catch (JacksonIOException e) {
            throw e.getCause();
        } finally {
            broken |= !whole && out.hasBegun();
        }
    }

    /** Returns whether a message was sent in part, after which nothing can be sent. */
    boolean isBroken() {
        return broken;
    }

    /**
     * Reads the next message.
     *
     * @param idle time limit for its first byte; zero means none
     * @param slowest time limit for the rest of it
     * @return the message without its zero byte; empty at the end of the stream
     * @throws IOException if it is too long or too slow, or the connection fails
     */
    public Optional<byte[]> read(Duration idle, Duration slowest) throws IOException {
        int end = endOfMessage(0);
        if (end < 0 && length == 0) {
            connection.limitWaiting(idle);
            if (!readMore()) {
                return Optional.empty();
            }
            end = endOfMessage(0);
        }
        long begin = System.nanoTime();
        while (end < 0 && length <= longest) {
            Duration left = slowest.minusNanos(System.nanoTime() - begin);
            // The kernel rounds the timeout to microseconds, and treats zero as no timeout.
            if (left.toMillis() <= 0) {
                throw new IOException("a message is too slow");
            }
            connection.limitWaiting(left);
            int old = length;
            if (!readMore()) {
                return Optional.empty();
            }
            end = endOfMessage(old);
        }
        if (end < 0 || end > longest) {
            throw new IOException("a message is too long");
        }
        byte[] message = Arrays.copyOf(pending, end);
        pending = Arrays.copyOfRange(pending, end + 1, length);
        length = pending.length;
        return Optional.of(message);
    }

    private boolean readMore() throws IOException {
        int count = connection.read(buffer);
        if (length + count > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(length + count, (int)
                    Math.min(2L * length, Integer.MAX_VALUE - 8)));
        }
        System.arraycopy(buffer, 0, pending, length, count);
        length += count;
        return count > 0;
    }

    private int endOfMessage(int from) {
        for (int i = from; i < length; i++) {
            if (pending[i] == 0) {
                return i;
            }
        }
        return -1;
    }
}
