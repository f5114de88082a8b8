// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A pool whose workers are threads: one for each task, for a task spends its life in one system call that can't be interrupted. */
public final class ThreadWorkerPool<S> implements WorkerPool<S> {
    private final LinkedBlockingQueue<S> mailbox = new LinkedBlockingQueue<>();
    private final IdleWorkers idle;
    private final ThreadFactory threads;

    /** Makes a pool that asks the system for a thread per task, once no idle ones are left. */
    public ThreadWorkerPool(IdleWorkers idle) {
        this(idle, task -> new Thread(null, task, "worker", IdleWorkers.STACK_BYTES));
    }

    ThreadWorkerPool(IdleWorkers idle, ThreadFactory threads) {
        this.idle = idle;
        this.threads = threads;
        idle.reserve();
    }

    @Override
    public void start(String name, Task<S> task) throws NoWorkerException {
        Runnable body = () -> task.run(mailbox::add);
        if (idle.run(body)) {
            return;
        }
        try {
            Thread worker = threads.newThread(body);
            worker.setName(name);
            worker.setDaemon(true);
            worker.start();
        } catch (OutOfMemoryError e) {
            // This is how the JVM says that the system gave it no thread; the heap is not concerned.
            throw new NoWorkerException(e.getMessage());
        }
    }

    @Override
    public boolean waitFor(Future<?> result, long until) {
        try {
            result.get(Math.max(0, until - now()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            return result.isDone();
        }
        return true;
    }

    @Override
    public void post(S report) {
        mailbox.add(report);
    }

    @Override
    public void startReserved(Task<S> task) throws NoWorkerException {
        if (!idle.runReserved(() -> task.run(mailbox::add))) {
            throw new NoWorkerException("the reserved worker could not be started");
        }
    }

    @Override
    public boolean aside(Runnable work) {
        if (idle.run(work)) {
            return true;
        }
        try {
            Thread worker = threads.newThread(work);
            worker.setDaemon(true);
            worker.start();
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    @Override
    public Optional<S> await(long until) {
        try {
            return Optional.ofNullable(mailbox.poll(Math.max(0, until - now()), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            // Nobody interrupts the coordinator; if somebody ever does, this is an empty wait and the run goes on.
            return Optional.empty();
        }
    }

    @Override
    public long now() {
        return System.nanoTime();
    }
}
