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

    /** Answers with a line, or drops it if there is no room for it. Never waits; that nobody reads is no error. Any thread may answer. */
    void answer(String line);

    /**
     * Says that whoever waits with that mark need not wait without a process any longer: what was asked for has begun. Never waits for the other
     * side. Any thread may say it.
     */
    void begun(String mark);

    @Override
    void close();
}
