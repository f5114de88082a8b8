// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.util.concurrent.LinkedBlockingQueue;

/** Work for a thread that is there before it comes. Any thread may add to it. */
final class WorkQueue {
    private static final Runnable END = () -> {};

    private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();

    void add(Runnable task) {
        work.add(task);
    }

    /** Does what comes, one after the other, until {@link #end}. */
    void serve() throws InterruptedException {
        for (Runnable next = work.take(); next != END; next = work.take()) {
            next.run();
        }
    }

    /** Ends the thread, once what it is doing is done. */
    void end() {
        work.add(END);
    }
}
