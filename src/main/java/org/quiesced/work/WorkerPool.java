// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work;

import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * A set of workers with the mailbox to which their tasks report and the clock by which they are timed. The methods are
 * for one thread, the coordinator, unless stated otherwise; tasks run on the workers.
 *
 * @param <S> what tasks report
 */
public interface WorkerPool<S> {
    /**
     * A task of a worker.
     *
     * @param <S> what it reports
     */
    @FunctionalInterface
    interface Task<S> {
        /** Executes the task. The mailbox accepts reports from any thread and never blocks. */
        void run(Consumer<? super S> mailbox);
    }

    /**
     * Starts a task on its own worker and returns at once.
     *
     * @param name name of the worker in a thread dump
     * @throws NoWorkerException if there is no worker; the task was not started then
     */
    void start(String name, Task<S> task) throws NoWorkerException;

    /**
     * Waits for a result that another worker completes. Called by tasks.
     *
     * @param until the time at which to give up, by {@link #now()}
     * @return whether it was completed, successfully or not
     */
    boolean waitFor(Future<?> result, long until);

    /** Adds a report that comes from no task to the mailbox. Any thread may call this, at any time. */
    void post(S report);

    /**
     * Starts a task on the reserved worker and returns at once; while that is busy, after its earlier tasks. A fallback
     * if {@link #start} finds no worker: the coordinator never runs a task itself, so that its deadline holds.
     *
     * @throws NoWorkerException if there is no reserved worker; the task was not started then
     */
    void startReserved(Task<S> task) throws NoWorkerException;

    /**
     * Runs an action that reports nothing on a worker, and returns at once.
     *
     * @return whether there was a worker; if not, the call has no effect
     */
    boolean aside(Runnable work);

    /**
     * Waits for the next report.
     *
     * @param until the time at which to give up, by {@link #now()}
     * @return the oldest report; empty if there was none in time
     */
    Optional<S> await(long until);

    /** Returns the time, in nanoseconds since an arbitrary origin. Monotonic. Tasks may call this too. */
    long now();
}
