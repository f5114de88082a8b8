// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work;

import java.util.concurrent.LinkedBlockingQueue;

/** Threads that wait for something to do, so that it begins at once. Safe for use by several threads. */
public final class IdleWorkers {
    /** A task makes a few shallow calls; the system's default of a megabyte or more would be wasted, and may be refused. */
    public static final long STACK_BYTES = 256 * 1024L;

    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Runnable> reservedTasks = new LinkedBlockingQueue<>();
    private int idle;
    private boolean reserved;

    /** Makes it, without threads. */
    public IdleWorkers() {}

    /**
     * Ensures at least that many idle threads, and the one in reserve. If the system gives fewer, there are fewer.
     *
     * @param count how many, besides the one in reserve
     */
    public void prepare(int count) {
        reserve();
        while (missing(count) && start(this::work)) {
            synchronized (this) {
                idle++;
            }
        }
    }

    /** Ensures the thread in reserve, which {@link #run} does not use. Without it {@link #runReserved} returns false. */
    synchronized void reserve() {
        if (!reserved && start(this::workInReserve)) {
            reserved = true;
        }
    }

    private static boolean start(Runnable body) {
        try {
            Thread worker = new Thread(null, body, "worker", STACK_BYTES);
            worker.setDaemon(true);
            worker.start();
            return true;
        } catch (OutOfMemoryError e) {
            // This is how the JVM says that the system gave it no thread.
            return false;
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

    /**
     * Lets the thread in reserve run a task, once it has ended those that it was given before.
     *
     * @return whether there is such a thread; otherwise nothing has happened
     */
    synchronized boolean runReserved(Runnable task) {
        return reserved && reservedTasks.add(task);
    }

    private void work() {
        serve(tasks, () -> {
            synchronized (this) {
                idle++;
            }
        });
    }

    private void workInReserve() {
        serve(reservedTasks, () -> {});
    }

    private static void serve(LinkedBlockingQueue<Runnable> queue, Runnable afterEach) {
        try {
            while (true) {
                queue.take().run();
                afterEach.run();
            }
        } catch (InterruptedException e) {
            // Nobody interrupts these threads; if somebody ever does, there is one less.
            return;
        }
    }
}
