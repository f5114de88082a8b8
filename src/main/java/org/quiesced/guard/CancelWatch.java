// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.quiesced.host.SystemManager;
import org.quiesced.host.SystemManager.State;

/**
 * Finds out what becomes of a shutdown that was asked for: whether it is cancelled, as systemctl(1) {@code cancel} or a
 * failed job does it, or the system manager has given way to systemd-shutdown(8), which nothing cancels. It asks once
 * per interval; only two clear answers in a row mean cancelled. Any thread may tell it to begin and to end.
 */
final class CancelWatch {
    /** One answer may come from between two shutdowns: one job was replaced by another. */
    private static final int CLEAR_ANSWERS = 2;

    private final SystemManager manager;
    private final BooleanSupplier atTheEnd;
    private final Duration interval;
    private final Listener listener;
    private boolean watching;
    /** Counts the shutdowns, so that an answer about one is not taken for an answer about the next. */
    private int shutdown;

    private int clear;

    /** Receiver of the outcome, called on the watch's thread, once for each shutdown. */
    interface Listener {
        /** The shutdown was cancelled: the machine goes on. */
        void cancelled();

        /** Nothing can cancel the shutdown any more. */
        void irrevocable();
    }

    /**
     * Makes the watch.
     *
     * @param atTheEnd whether systemd-shutdown(8) has taken over
     * @param interval how often to ask
     */
    CancelWatch(SystemManager manager, BooleanSupplier atTheEnd, Duration interval, Listener listener) {
        this.manager = manager;
        this.atTheEnd = atTheEnd;
        this.interval = interval;
        this.listener = listener;
    }

    /** Says that a shutdown was asked for. */
    synchronized void begin() {
        if (!watching) {
            watching = true;
            clear = 0;
            shutdown++;
            notifyAll();
        }
    }

    /** Says that the shutdown can't be cancelled any more. */
    synchronized void end() {
        watching = false;
    }

    /** Watches forever. */
    void serve() throws InterruptedException {
        while (true) {
            ask(awaitNextQuestion());
        }
    }

    private synchronized int awaitNextQuestion() throws InterruptedException {
        while (!watching) {
            wait();
        }
        // Nobody wakes it up in between, and if somebody does it asks a little earlier.
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
