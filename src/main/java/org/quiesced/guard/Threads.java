// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import java.util.function.BooleanSupplier;
import org.quiesced.log.Logging;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's own threads. A daemon that has lost one is no daemon any more: it ends, to be started again, and until
 * then there is the one-shot. But as long as devices are in flight it does not end, for with the process the driver's
 * waits for its drives would end too ({@code fatal_signal_pending} in {@code nvme_wait_ready},
 * {@code drivers/nvme/host/core.c}).
 */
public final class Threads {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");
    /** Stack size of a thread of the daemon, as of its main thread ({@code -Xss}). */
    public static final long STACK_BYTES = 512 * 1024L;

    private static final long LOOK_MILLIS = 200;
    private static final long ANSWER_MILLIS = 2_000;

    private final BooleanSupplier inFlight;

    /** The work of a thread, which runs forever. */
    @FunctionalInterface
    public interface Body {
        void run() throws Exception;
    }

    /**
     * Makes it.
     *
     * @param inFlight whether a device is in flight, or will be in a moment
     */
    public Threads(BooleanSupplier inFlight) {
        this.inFlight = inFlight;
    }

    /** Starts a thread. */
    public void start(String name, Body body) {
        Thread thread = new Thread(null, () -> run(name, body), name, STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    /** Does the same on the thread that calls. */
    public void run(String name, Body body) {
        try {
            body.run();
        } catch (Exception | Error e) {
            LOG.error("thread \"{}\" has ended: {}", name, e.toString());
            end(1);
        }
    }

    /** Ends the process when nothing is in flight. */
    public void end(int code) {
        awaitNothingInFlight();
        Logging.close();
        Runtime.getRuntime().halt(code);
    }

    /** Has a signal end the process only when nothing is in flight. */
    public void outliveSignals() {
        EndHook.install(() -> {
            if (inFlight.getAsBoolean()) {
                LOG.warn("a signal asks for the end, which waits for the devices in flight");
                awaitNothingInFlight();
                // The answer to the hook goes out when the run has ended.
                pause(ANSWER_MILLIS);
            }
            Logging.close();
        });
    }

    private void awaitNothingInFlight() {
        while (inFlight.getAsBoolean()) {
            pause(LOOK_MILLIS);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            // No thread interrupts this one, and an interrupt would be no reason to end sooner.
            return;
        }
    }
}
