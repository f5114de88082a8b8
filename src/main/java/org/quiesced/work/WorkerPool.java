// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work;

import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Workers, the mailbox that their tasks report to, and the clock by which they are timed. One thread, the coordinator, owns a pool and
 * calls its methods; tasks run elsewhere.
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
     * @param name what to call the worker in a thread dump
     * @throws NoWorkerException if no worker can be had; the task was not started then
     */
    void start(String name, Task<S> task) throws NoWorkerException;

    /**
     * Waits for something that another worker completes. For workers.
     *
     * @param until the time at which to give up, by {@link #now()}
     * @return whether it was completed, well or not
     */
    boolean waitFor(Future<?> result, long until);

    /** Puts a report into the mailbox that is no task's. Any thread may do that, at any time. */
    void post(S report);

    /**
     * Starts a task on the one worker that is kept in reserve, and returns at once. For when {@link #start} has none: the coordinator itself
     * never does a task's work, so that its deadline holds.
     *
     * <p>A task that is started while that worker still has another waits for it.
     *
     * @throws NoWorkerException if there is no such worker; the task was not started then
     */
    void startReserved(Task<S> task) throws NoWorkerException;

    /**
     * Lets an idle worker do some work that is no task, and returns at once.
     *
     * @return whether there was a worker; otherwise nothing has happened
     */
    boolean aside(Runnable work);

    /**
     * Waits for the next report.
     *
     * @param until the time at which to give up, by {@link #now()}
     * @return the oldest report that was not yet taken, or nothing if there was none in time
     */
    Optional<S> await(long until);

    /** Returns the time, in nanoseconds since an arbitrary moment; it only moves forward. Tasks may call it too. */
    long now();
}
