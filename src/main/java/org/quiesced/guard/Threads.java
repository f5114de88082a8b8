// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import java.util.function.BooleanSupplier;
import org.quiesced.log.Logging;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's permanent threads. If one ends, the daemon ends and systemd restarts it; meanwhile the one-shot command
 * takes its place. The process never ends while devices are in flight, because a driver stops waiting for its drive
 * when the process that began the unbind is killed ({@code fatal_signal_pending} in {@code nvme_wait_ready},
 * {@code drivers/nvme/host/core.c}).
 */
public final class Threads {
    private static final Logger LOG = LoggerFactory.getLogger("quiesced");
    /** Stack size of a thread of the daemon, as of its main thread ({@code -Xss}). */
    public static final long STACK_BYTES = 512 * 1024L;

    private static final long POLL_MILLIS = 200;
    private static final long ANSWER_MILLIS = 2_000;

    private final BooleanSupplier inFlight;

    /** The work of a thread, which runs forever. */
    @FunctionalInterface
    public interface Body {
        void run() throws Exception;
    }

    /**
     * Creates an instance without threads.
     *
     * @param inFlight whether a device is in flight or about to be
     */
    public Threads(BooleanSupplier inFlight) {
        this.inFlight = inFlight;
    }

    /** Starts a thread. If its body ends, the process ends once nothing is in flight. */
    public void start(String name, Body body) {
        Thread thread = new Thread(null, () -> run(name, body), name, STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    /** Executes a body on the calling thread, with the same consequences. */
    public void run(String name, Body body) {
        try {
            body.run();
        } catch (Exception | Error e) {
            LOG.error("thread \"{}\" has ended: {}", name, e.toString());
            end(1);
        }
    }

    /** Ends the process once nothing is in flight. */
    public void end(int code) {
        awaitNothingInFlight();
        Logging.close();
        Runtime.getRuntime().halt(code);
    }

    /** Delays the end of the process by a signal until nothing is in flight. */
    public void outliveSignals() {
        EndHook.install(() -> {
            if (inFlight.getAsBoolean()) {
                LOG.warn("a signal asks for the end, which waits for the devices in flight");
                awaitNothingInFlight();
                // Let the thread "progress" send the last answer to the hook.
                pause(ANSWER_MILLIS);
            }
            Logging.close();
        });
    }

    private void awaitNothingInFlight() {
        while (inFlight.getAsBoolean()) {
            pause(POLL_MILLIS);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            // Nothing interrupts this thread; the process must not end sooner for an interrupt.
            return;
        }
    }
}
