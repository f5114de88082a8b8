// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Workers, the mailbox that their tasks report to, and the clock by which they are timed. One thread, the coordinator, owns a crew and
 * calls its methods; tasks run elsewhere, unless they run inline.
 *
 * @param <S> what tasks report
 */
public interface Crew<S> {
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

    /** Puts a report into the mailbox that is no task's. Any thread may do that, at any time. */
    void post(S report);

    /** Runs a task on the calling thread and returns when it has ended. */
    void runInline(Task<S> task);

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
