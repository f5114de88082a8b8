// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

import java.io.IOException;

/** How the shutdown hook, a shell script, talks with the daemon: lines one way, lines the other way. */
public interface RequestPipe extends AutoCloseable {
    /**
     * Waits for the next request.
     *
     * @throws IOException if there will be no more
     */
    String read() throws IOException;

    /**
     * Answers with a line, or drops it if there is no room for it. Never waits; it is no error if nobody reads. Any
     * thread may answer.
     */
    void answer(String line);

    /**
     * Reports to the waiting process with that mark that its request has begun: it need not wait without starting a
     * process after that. Never waits for the other side. Any thread may call it.
     */
    void begun(String mark);

    @Override
    void close();
}
