// SPDX-License-Identifier: Apache-2.0
package org.quiesced.varlink;

import java.io.IOException;
import org.quiesced.host.LocalListener.Connection;
import tools.jackson.databind.JsonNode;

/** What answers the calls of a connection. Connections call it from threads of their own. */
@FunctionalInterface
public interface VarlinkService {
    /**
     * Answers a call, with one answer or, if more are asked for and there are more, with several.
     *
     * @param method the interface and the method, {@code org.quiesced.Control.Status} for example
     * @param more whether the caller takes more than one answer
     * @param connection who calls
     * @throws VarlinkException with the error to be sent in place of an answer
     * @throws IOException if the connection breaks, or is to be cut
     */
    void call(
            String method, JsonNode parameters, boolean more, Connection connection, VarlinkConnection.Answers answers)
            throws IOException, VarlinkException;
}
