// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import org.quiesced.guard.Threads;
import org.quiesced.host.LocalListener;
import org.quiesced.host.LocalListener.Connection;
import org.quiesced.varlink.VarlinkConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections to the control socket and serves each on its own thread, within {@link ConnectionLimits}. A
 * connection beyond them is closed at once.
 */
final class ControlServer {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    private final LocalListener listener;
    private final ControlInterface control;
    private final ConnectionLimits limits;

    ControlServer(LocalListener listener, ControlInterface control, ConnectionLimits limits) {
        this.listener = listener;
        this.control = control;
        this.limits = limits;
    }

    /**
     * Serves until the socket fails.
     *
     * @throws IOException if the socket fails
     */
    void serve() throws IOException {
        while (true) {
            admit(listener.accept());
        }
    }

    private void admit(Connection connection) {
        int user;
        try {
            user = connection.peer().user();
        } catch (IOException e) {
            connection.close();
            return;
        }
        if (!limits.enter(user)) {
            connection.close();
            return;
        }
        try {
            Thread thread = new Thread(null, () -> serve(connection, user), "control", Threads.STACK_BYTES);
            thread.setDaemon(true);
            thread.start();
        } catch (OutOfMemoryError e) {
            // No thread can be started: drop the connection.
            connection.close();
            limits.leave(user);
        }
    }

    private void serve(Connection connection, int user) {
        try (connection) {
            new VarlinkConnection(connection, control).serve();
        } catch (IOException e) {
            LOG.debug("control socket: {}", e.getMessage());
        } catch (RuntimeException | Error e) {
            // No failure here may slow a shutdown down: the daemon keeps running.
            LOG.error("control socket: this is a defect, please report it: {}", e.toString());
        } finally {
            limits.leave(user);
        }
    }
}
