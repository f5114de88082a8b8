// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work;

import java.util.concurrent.LinkedBlockingQueue;

/** A set of idle threads that wait for tasks, so that a task begins at once. Safe for use by several threads. */
public final class IdleWorkers implements WorkerSource {
    /**
     * Stack size of a worker, in bytes. A task makes only a few shallow calls; the default of a megabyte or more would
     * be wasted, and may be refused.
     */
    public static final long STACK_BYTES = 256 * 1024L;

    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Runnable> reservedTasks = new LinkedBlockingQueue<>();
    private int idle;
    private boolean reserved;

    /** Creates a set without threads. */
    public IdleWorkers() {}

    /**
     * Ensures at least {@code count} idle threads, and the reserved thread. Best effort: there are fewer if the system
     * refuses threads.
     *
     * @param count number of idle threads, without the reserved one
     */
    @Override
    public void prepare(int count) {
        reserve();
        while (missing(count) && start(this::work)) {
            synchronized (this) {
                idle++;
            }
        }
    }

    @Override
    public <S> WorkerPool<S> newPool() {
        return new ThreadWorkerPool<>(this);
    }

    /** Ensures the reserved thread, which {@link #run} does not use. Without it {@link #runReserved} returns false. */
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
            // The JVM reports with this error that the system has refused a thread.
            return false;
        }
    }

    private synchronized boolean missing(int count) {
        return idle < count;
    }

    /**
     * Runs a task on an idle thread.
     *
     * @return whether there was one; if not, the call has no effect
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
     * Runs a task on the reserved thread, after earlier ones.
     *
     * @return whether there is such a thread; if not, the call has no effect
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
            // Nothing interrupts these threads.
            return;
        }
    }
}
