// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** A crew whose workers are threads: one for each task, for a task spends its life in one system call that can't be interrupted. */
public final class ThreadCrew<S> implements Crew<S> {
    private final LinkedBlockingQueue<S> mailbox = new LinkedBlockingQueue<>();
    private final IdleWorkers idle;
    private final ThreadFactory threads;

    /** Makes a crew that asks the system for a thread per task, once no idle ones are left. */
    public ThreadCrew(IdleWorkers idle) {
        this(idle, task -> new Thread(null, task, "worker", IdleWorkers.STACK_BYTES));
    }

    ThreadCrew(IdleWorkers idle, ThreadFactory threads) {
        this.idle = idle;
        this.threads = threads;
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
    public void post(S report) {
        mailbox.add(report);
    }

    @Override
    public void runInline(Task<S> task) {
        task.run(mailbox::add);
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
