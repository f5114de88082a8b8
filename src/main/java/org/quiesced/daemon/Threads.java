// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The daemon's own threads. */
final class Threads {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");
    private static final long STACK_BYTES = 512 * 1024L;

    private Threads() {}

    /** What a thread does, for good. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    /** Starts a thread. A daemon that has lost one is no daemon any more: it ends, to be started again, and until then there is the one-shot. */
    static void start(String name, Body body) {
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        body.run();
                    } catch (Exception | Error e) {
                        LOG.error("thread \"{}\" has ended: {}", name, e.toString());
                        Logging.close();
                        Runtime.getRuntime().halt(1);
                    }
                },
                name,
                STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }
}
