// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.concurrent.LinkedBlockingQueue;

/** Threads that wait for something to do, so that it begins at once. Safe for use by several threads. */
public final class IdleWorkers {
    /** A task makes a few shallow calls; the system's default of a megabyte or more would be wasted, and may be refused. */
    static final long STACK_BYTES = 256 * 1024L;

    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private int idle;

    /** Makes it, without threads. */
    public IdleWorkers() {}

    /** Has so many threads wait; if there are more already, they stay. If the system gives fewer, then fewer wait. */
    public void prepare(int count) {
        try {
            while (missing(count)) {
                Thread worker = new Thread(null, this::work, "worker", STACK_BYTES);
                worker.setDaemon(true);
                worker.start();
                synchronized (this) {
                    idle++;
                }
            }
        } catch (OutOfMemoryError e) {
            // This is how the JVM says that the system gave it no thread. Those that are wanted are asked for again in
            // time.
            return;
        }
    }

    private synchronized boolean missing(int count) {
        return idle < count;
    }

    /**
     * Lets a waiting thread run a task.
     *
     * @return whether there was one; otherwise nothing has happened
     */
    synchronized boolean run(Runnable task) {
        if (idle == 0) {
            return false;
        }
        idle--;
        tasks.add(task);
        return true;
    }

    private void work() {
        try {
            while (true) {
                tasks.take().run();
                synchronized (this) {
                    idle++;
                }
            }
        } catch (InterruptedException e) {
            // Nobody interrupts these threads; if somebody ever does, there is one less.
            return;
        }
    }
}
