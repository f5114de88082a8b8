// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.quiesced.host.SystemManager;
import org.quiesced.host.SystemManager.State;

/**
 * Polls the outcome of a requested shutdown: it is cancelled, as by systemctl(1) {@code cancel} or by a failed job, or
 * systemd-shutdown(8) takes over, after which nothing cancels it. Only two consecutive answers that the system manager
 * is up count as cancelled. Any thread may call {@link #begin} and {@link #end}.
 */
final class CancelWatch {
    /** A single answer may fall between two shutdowns, when one job replaces another. */
    private static final int CLEAR_ANSWERS = 2;

    private final SystemManager manager;
    private final BooleanSupplier atTheEnd;
    private final Duration interval;
    private final Listener listener;
    private boolean watching;
    /** Number of shutdowns so far, so that an answer about one is not applied to the next. */
    private int shutdown;

    private int clear;

    /** Receiver of the outcome. One of its methods is called once for each shutdown, on the watch's thread. */
    interface Listener {
        /** The shutdown was cancelled, and the system continues to run. */
        void cancelled();

        /** systemd-shutdown(8) has taken over: the shutdown cannot be cancelled. */
        void irrevocable();
    }

    /**
     * Creates the watch, which is idle until {@link #begin}.
     *
     * @param atTheEnd whether systemd-shutdown(8) has taken over
     * @param interval time between two queries
     */
    CancelWatch(SystemManager manager, BooleanSupplier atTheEnd, Duration interval, Listener listener) {
        this.manager = manager;
        this.atTheEnd = atTheEnd;
        this.interval = interval;
        this.listener = listener;
    }

    /** Begins to watch a shutdown, unless one is watched already. */
    synchronized void begin() {
        if (!watching) {
            watching = true;
            clear = 0;
            shutdown++;
            notifyAll();
        }
    }

    /** Ends the watch: the shutdown cannot be cancelled. */
    synchronized void end() {
        watching = false;
    }

    /** Executes the watch, forever. */
    void serve() throws InterruptedException {
        while (true) {
            ask(awaitNextQuestion());
        }
    }

    private synchronized int awaitNextQuestion() throws InterruptedException {
        while (!watching) {
            wait();
        }
        // A spurious wakeup only makes the query earlier.
        wait(Math.max(1, interval.toMillis()));
        return shutdown;
    }

    private void ask(int which) {
        if (atTheEnd.getAsBoolean()) {
            if (isOver(which)) {
                listener.irrevocable();
            }
        } else if (isCancelled(which, manager.state())) {
            listener.cancelled();
        }
    }

    private synchronized boolean isOver(int which) {
        boolean news = watching && which == shutdown;
        watching &= !news;
        return news;
    }

    private synchronized boolean isCancelled(int which, State state) {
        if (!watching || which != shutdown) {
            return false;
        }
        clear = state == State.UP ? clear + 1 : 0;
        watching = clear < CLEAR_ANSWERS;
        return !watching;
    }
}
