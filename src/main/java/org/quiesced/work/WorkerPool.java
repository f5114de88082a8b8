// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work;

import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Workers, the mailbox that their tasks report to, and the clock by which they are timed. One thread, the coordinator,
 * owns a pool and calls its methods; tasks run on the workers.
 *
 * @param <S> what tasks report
 */
public interface WorkerPool<S> {
    /**
     * What a worker does.
     *
     * @param <S> what it reports
     */
    @FunctionalInterface
    interface Task<S> {
        /** Does the work and reports to the mailbox, which takes reports from any thread and never blocks. */
        void run(Consumer<? super S> mailbox);
    }

    /**
     * Starts a task on a worker of its own and returns at once.
     *
     * @param name name of the worker in a thread dump
     * @throws NoWorkerException if no worker can be had; the task was not started then
     */
    void start(String name, Task<S> task) throws NoWorkerException;

    /**
     * Waits for a result that another worker completes. For workers.
     *
     * @param until the time at which to give up, by {@link #now()}
     * @return whether it was completed, with success or failure
     */
    boolean waitFor(Future<?> result, long until);

    /** Puts a report that comes from no task into the mailbox. Any thread may call this, at any time. */
    void post(S report);

    /**
     * Starts a task on the reserved worker, and returns at once. A fallback for when {@link #start} has no worker: the
     * coordinator itself never runs a task, so that its deadline holds.
     *
     * <p>A task that is started while that worker is busy runs after the earlier task.
     *
     * @throws NoWorkerException if there is no such worker; the task was not started then
     */
    void startReserved(Task<S> task) throws NoWorkerException;

    /**
     * Runs work that is no task on a worker, and returns at once.
     *
     * @return whether there was a worker; if not, the call has no effect
     */
    boolean aside(Runnable work);

    /**
     * Waits for the next report.
     *
     * @param until the time at which to give up, by {@link #now()}
     * @return the oldest report not yet taken, or empty if there was none in time
     */
    Optional<S> await(long until);

    /** Returns the time, in nanoseconds since an arbitrary origin; it only moves forward. Tasks may call this too. */
    long now();
}
