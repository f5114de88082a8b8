// SPDX-License-Identifier: Apache-2.0
package org.quiesced.varlink;

import java.io.IOException;
import org.quiesced.host.LocalListener.Connection;
import tools.jackson.databind.JsonNode;

/** Answers the calls of connections, each on the thread of its connection. Safe for use by several threads. */
@FunctionalInterface
public interface VarlinkService {
    /**
     * Answers a call with one answer, or with several if {@code more} is set.
     *
     * @param method qualified name of the method, for example {@code org.quiesced.Control.Status}
     * @param more whether the caller accepts several answers
     * @param connection the connection of the caller
     * @throws VarlinkException with the error to send instead of an answer
     * @throws IOException if the connection fails; it is closed then
     */
    void call(
            String method, JsonNode parameters, boolean more, Connection connection, VarlinkConnection.Answers answers)
            throws IOException, VarlinkException;
}
