// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.io.IOException;

/** The pipes between the shutdown hook, a shell script, and the daemon; both directions carry lines. */
public interface RequestPipe extends AutoCloseable {
    /**
     * Waits for the next request.
     *
     * @throws IOException if there will be no more requests
     */
    String read() throws IOException;

    /** Writes an answer, a line. Drops it if the pipe is full; never blocks and never throws. Thread-safe. */
    void answer(String line);

    /**
     * Signals the waiting process of a mark that its request has begun, so that it can stop polling before the first
     * driver goes. Never blocks. Thread-safe.
     */
    void begun(String mark);

    @Override
    void close();
}
