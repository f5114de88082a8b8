// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.quiesced.kernel.LocalListener;
import org.quiesced.kernel.LocalListener.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the control socket: a thread for each connection, and not many of them. */
final class ControlServer {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");

    /** As many as an administrator, a monitoring system and some mistakes need. */
    static final int MOST_CONNECTIONS = 16;

    private final LocalListener listener;
    private final ControlInterface control;
    private final Semaphore free = new Semaphore(MOST_CONNECTIONS);

    ControlServer(LocalListener listener, ControlInterface control) {
        this.listener = listener;
        this.control = control;
    }

    /**
     * Serves for good.
     *
     * @throws IOException when the socket fails
     */
    void serve() throws IOException {
        while (true) {
            Connection connection = listener.accept();
            if (!free.tryAcquire()) {
                connection.close();
                continue;
            }
            try {
                Thread thread = new Thread(null, () -> serve(connection), "control", 512 * 1024L);
                thread.setDaemon(true);
                thread.start();
            } catch (OutOfMemoryError e) {
                // There is no thread to be had: one who asks is told nothing, and the daemon lives on.
                connection.close();
                free.release();
            }
        }
    }

    private void serve(Connection connection) {
        try (connection) {
            new VarlinkConnection(connection, control).serve();
        } catch (IOException e) {
            LOG.debug("control socket: {}", e.getMessage());
        } catch (RuntimeException | Error e) {
            // Whatever it is, it is no reason for a shutdown to be slow: the daemon lives on.
            LOG.error("control socket: this is a defect, please report it: {}", e.toString());
        } finally {
            free.release();
        }
    }
}
