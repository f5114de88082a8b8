// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work.simulated;

import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Future;
import java.util.function.IntPredicate;
import org.quiesced.work.NoWorkerException;
import org.quiesced.work.WorkerPool;

/** A deterministic pool in virtual time. For one thread. */
public final class SimulatedWorkerPool<S> implements WorkerPool<S> {
    private record Report<S>(long time, long number, S content) {}

    private final VirtualClock clock;
    private final IntPredicate workerCanStart;
    private final PriorityQueue<Report<S>> mailbox =
            new PriorityQueue<>(Comparator.comparingLong(Report<S>::time).thenComparingLong(Report::number));
    private long reports;
    private int attempts;
    private long reservedUntil;

    /**
     * Creates a pool.
     *
     * @param workerCanStart whether the n-th attempt to start a worker, from 0, succeeds
     */
    public SimulatedWorkerPool(VirtualClock clock, IntPredicate workerCanStart) {
        this.clock = clock;
        this.workerCanStart = workerCanStart;
    }

    @Override
    public void start(String name, Task<S> task) throws NoWorkerException {
        if (!workerCanStart.test(attempts++)) {
            throw new NoWorkerException("simulated: no thread");
        }
        clock.aside(() -> task.run(this::post));
    }

    /** Waits to the end, because no other task runs meanwhile. */
    @Override
    public boolean waitFor(Future<?> result, long until) {
        if (!result.isDone()) {
            clock.advanceTo(until);
        }
        return result.isDone();
    }

    @Override
    public void post(S report) {
        mailbox.add(new Report<>(clock.now(), reports++, report));
    }

    @Override
    public void startReserved(Task<S> task) {
        clock.aside(() -> {
            clock.advanceTo(reservedUntil);
            task.run(this::post);
            reservedUntil = clock.now();
        });
    }

    @Override
    public boolean aside(Runnable work) {
        clock.aside(work);
        return true;
    }

    @Override
    public Optional<S> await(long until) {
        Report<S> next = mailbox.peek();
        if (next == null || next.time() > until) {
            clock.advanceTo(until);
            return Optional.empty();
        }
        clock.advanceTo(next.time());
        return Optional.of(mailbox.remove().content());
    }

    @Override
    public long now() {
        return clock.now();
    }
}
