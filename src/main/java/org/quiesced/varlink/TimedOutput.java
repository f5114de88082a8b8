// SPDX-License-Identifier: Apache-2.0
package org.quiesced.varlink;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import org.quiesced.host.LocalListener.Connection;

/** Output of one Varlink message to a connection, in pieces, with one time limit for the whole message. */
final class TimedOutput extends OutputStream {
    private static final int PIECE = 8192;

    private final Connection connection;
    private final long end;
    private final byte[] pending = new byte[PIECE];
    private int length;
    private boolean begun;

    TimedOutput(Connection connection, Duration limit) {
        this.connection = connection;
        this.end = System.nanoTime() + limit.toNanos();
    }

    @Override
    public void write(int one) throws IOException {
        if (length == PIECE) {
            send();
        }
        pending[length++] = (byte) one;
    }

    @Override
    public void write(byte[] data, int offset, int count) throws IOException {
        int from = offset;
        while (from < offset + count) {
            if (length == PIECE) {
                send();
            }
            int piece = Math.min(PIECE - length, offset + count - from);
            System.arraycopy(data, from, pending, length, piece);
            length += piece;
            from += piece;
        }
    }

    /**
     * Writes the zero byte that ends a message, and flushes.
     *
     * @throws IOException if the peer does not receive the message in time
     */
    void end() throws IOException {
        write(0);
        send();
    }

    /** Returns whether a part of the message may have been sent. */
    boolean hasBegun() {
        return begun;
    }

    private void send() throws IOException {
        Duration left = Duration.ofNanos(end - System.nanoTime());
        // The kernel rounds the timeout to microseconds, and treats zero as no timeout.
        if (left.toMillis() <= 0) {
            throw new SocketTimeoutException("too slow");
        }
        connection.limitWaiting(left);
        begun = true;
        connection.write(Arrays.copyOf(pending, length));
        length = 0;
    }
}
