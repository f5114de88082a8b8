// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;

/** How the shutdown hook, a shell script, talks with the daemon: lines one way, lines the other way. */
public interface RequestPipe extends AutoCloseable {
    /**
     * Waits for the next request.
     *
     * @throws IOException if there will be no more
     */
    String read() throws IOException;

    /** Answers with a line. That nobody reads it is no error. Any thread may answer. */
    void answer(String line);

    @Override
    void close();
}
