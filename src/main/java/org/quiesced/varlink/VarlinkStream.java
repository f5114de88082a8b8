// SPDX-License-Identifier: Apache-2.0
package org.quiesced.varlink;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.quiesced.host.LocalListener.Connection;
import tools.jackson.core.exc.JacksonIOException;

/** The messages of Varlink on a connection: each is ended by a zero byte. One thread may read while another writes. */
public final class VarlinkStream {
    private final Connection connection;
    private final int longest;
    private final byte[] buffer = new byte[16_384];
    /**
     * Bytes that were received and not returned yet; doubles when it is full, so that a long message is not copied for
     * each piece of it.
     */
    private byte[] pending = new byte[0];

    private int length;
    private boolean broken;

    /**
     * Makes a stream.
     *
     * @param longest how many bytes a message may have
     */
    public VarlinkStream(Connection connection, int longest) {
        this.connection = connection;
        this.longest = longest;
    }

    /**
     * Writes a message.
     *
     * @throws IOException if the other end does not take it in time
     */
    public void write(byte[] message, Duration limit) throws IOException {
        write(out -> out.write(message), limit);
    }

    /** Writes the content of a message. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes it; it need not close the stream.
         *
         * @throws IOException if the stream has thrown it
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a message piece by piece, while it is made: it is never in memory as a whole.
     *
     * @param limit how long that may take in all
     * @throws IOException if the other end does not take it in time; what it has got is then no whole message
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

    /** Returns whether a message broke off after a part of it was sent: nothing can be sent after that. */
    boolean isBroken() {
        return broken;
    }

    /**
     * Reads the next message.
     *
     * @param idle how long it may be awaited; zero means for ever
     * @param slowest how long its rest may take once it has begun to arrive
     * @return the message without its zero byte, or nothing at the end
     * @throws IOException if it is too long or too slow, or the connection breaks
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
            // The kernel counts in microseconds, and takes none for no limit.
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
