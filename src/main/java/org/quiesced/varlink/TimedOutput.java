// SPDX-License-Identifier: Apache-2.0
package org.quiesced.varlink;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import org.quiesced.host.LocalListener.Connection;

/** One message of Varlink on its way to a connection: in pieces, and with a limit of time for all of them together. */
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

    /** Adds the zero byte that ends a message, and sends the rest. */
    void end() throws IOException {
        write(0);
        send();
    }

    /** Returns whether a part of the message was sent, or may have been. */
    boolean hasBegun() {
        return begun;
    }

    private void send() throws IOException {
        Duration left = Duration.ofNanos(end - System.nanoTime());
        // The kernel counts in microseconds, and takes none for no limit.
        if (left.toMillis() <= 0) {
            throw new SocketTimeoutException("too slow");
        }
        connection.limitWaiting(left);
        begun = true;
        connection.write(Arrays.copyOf(pending, length));
        length = 0;
    }
}
