// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A pool whose workers are threads: one for each task, since a task spends its time in one system call that cannot be
 * interrupted.
 */
public final class ThreadWorkerPool<S> implements WorkerPool<S> {
    private final LinkedBlockingQueue<S> mailbox = new LinkedBlockingQueue<>();
    private final IdleWorkers idle;
    private final ThreadFactory threads;

    /** Creates a pool that starts a thread for each task once no idle threads are left. */
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
            // The JVM reports with this error that the system has refused a thread; the heap is not exhausted.
            throw new NoWorkerException(Objects.requireNonNullElse(e.getMessage(), "no thread"));
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
            // The coordinator is never interrupted; an interrupt would count as an empty wait, and the run would go on.
            return Optional.empty();
        }
    }

    @Override
    public long now() {
        return System.nanoTime();
    }
}
