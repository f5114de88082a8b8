// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import org.quiesced.kernel.Crew;
import org.quiesced.kernel.NoWorkerException;

/**
 * A simulated kernel whose workers and coordinator take turns in virtual time: a worker that spends time is suspended until the clock has come
 * to its end, so that what the coordinator decides meanwhile reaches it. The default simulation lets a worker run ahead, which is cheaper, and
 * right as long as nothing is given up. Exactly one thread runs at a time, in an order that depends on nothing but the machine.
 */
public final class Interleaved {
    private static final ExecutorService POOL = Executors.newCachedThreadPool(body -> {
        Thread thread = new Thread(null, body, "simulated", 256 * 1024L);
        thread.setDaemon(true);
        return thread;
    });

    private final BatonClock clock = new BatonClock();
    private final SimulatedKernel kernel;

    /**
     * Makes a kernel.
     *
     * @param workerCanStart whether the n-th attempt to start a worker, from 0, succeeds
     */
    public Interleaved(Machine machine, IntPredicate workerCanStart) {
        this.kernel = new SimulatedKernel(machine, clock, new SimulatedKernel.CrewMaker() {
            @Override
            public <S> Crew<S> make() {
                return new BatonCrew<>(clock, workerCanStart);
            }
        });
    }

    /** Returns the kernel. */
    public SimulatedKernel kernel() {
        return kernel;
    }

    /** Returns the clock, in nanoseconds of virtual time. */
    public long now() {
        return clock.now();
    }

    /** Lets time pass for the caller, who may be a worker or the coordinator. */
    public void spend(long nanos) {
        clock.spend(nanos);
    }

    /** Lets all workers that are still at work come to their end. To be called when the run has ended: a worker is a thread. */
    public void settle() {
        clock.runUntil(Long.MAX_VALUE, () -> false);
    }

    private record Wake(long at, long number, Worker worker) {}

    /** A thread that runs only when it has the baton. */
    private static final class Worker {
        private final Semaphore turn = new Semaphore(0);
    }

    private static final class BatonClock implements SimulatedClock {
        private static final ThreadLocal<Worker> SELF = new ThreadLocal<>();
        private final PriorityQueue<Wake> wakes =
                new PriorityQueue<>(Comparator.comparingLong(Wake::at).thenComparingLong(Wake::number));
        private final Semaphore back = new Semaphore(0);
        private volatile long now;
        private long numbers;

        @Override
        public long now() {
            return now;
        }

        @Override
        public void spend(long nanos) {
            if (nanos <= 0) {
                return;
            }
            Worker self = SELF.get();
            if (self == null) {
                runUntil(now + nanos, () -> false);
                return;
            }
            wakes.add(new Wake(now + nanos, numbers++, self));
            back.release();
            self.turn.acquireUninterruptibly();
        }

        /** Runs a body as a worker, until it ends or spends time for the first time. Workers may start others. */
        void start(Runnable body) {
            Worker worker = new Worker();
            Worker starter = SELF.get();
            if (starter != null) {
                wakes.add(new Wake(now, numbers++, worker));
                POOL.execute(() -> {
                    worker.turn.acquireUninterruptibly();
                    live(worker, body);
                });
                return;
            }
            POOL.execute(() -> live(worker, body));
            back.acquireUninterruptibly();
        }

        private void live(Worker worker, Runnable body) {
            SELF.set(worker);
            try {
                body.run();
            } finally {
                SELF.remove();
                back.release();
            }
        }

        /** Lets workers have their turns until that time, or until there is something to stop for. For the coordinator. */
        void runUntil(long until, BooleanSupplier stop) {
            while (!stop.getAsBoolean() && !wakes.isEmpty() && wakes.peek().at() <= until) {
                Wake wake = wakes.remove();
                now = Math.max(now, wake.at());
                wake.worker().turn.release();
                back.acquireUninterruptibly();
            }
            if (!stop.getAsBoolean() && until != Long.MAX_VALUE) {
                now = Math.max(now, until);
            }
        }
    }

    private static final class BatonCrew<S> implements Crew<S> {
        private static final long MILLISECOND = 1_000_000;

        private final BatonClock clock;
        private final IntPredicate workerCanStart;
        private final ArrayDeque<S> mailbox = new ArrayDeque<>();
        private final ArrayDeque<Runnable> reserved = new ArrayDeque<>();
        private boolean reservedIsAtWork;
        private int attempts;

        BatonCrew(BatonClock clock, IntPredicate workerCanStart) {
            this.clock = clock;
            this.workerCanStart = workerCanStart;
        }

        @Override
        public void start(String name, Task<S> task) throws NoWorkerException {
            if (!workerCanStart.test(attempts++)) {
                throw new NoWorkerException("simulated: no thread");
            }
            clock.start(() -> task.run(mailbox::add));
        }

        @Override
        public void startReserved(Task<S> task) {
            reserved.add(() -> task.run(mailbox::add));
            if (!reservedIsAtWork) {
                reservedIsAtWork = true;
                clock.start(() -> {
                    while (!reserved.isEmpty()) {
                        reserved.remove().run();
                    }
                    reservedIsAtWork = false;
                });
            }
        }

        @Override
        public boolean aside(Runnable work) {
            clock.start(work);
            return true;
        }

        @Override
        public boolean waitFor(Future<?> result, long until) {
            while (!result.isDone() && clock.now() < until) {
                clock.spend(Math.min(MILLISECOND, until - clock.now()));
            }
            return result.isDone();
        }

        @Override
        public void post(S report) {
            mailbox.add(report);
        }

        @Override
        public Optional<S> await(long until) {
            clock.runUntil(Math.max(until, clock.now()), () -> !mailbox.isEmpty());
            return Optional.ofNullable(mailbox.poll());
        }

        @Override
        public long now() {
            return clock.now();
        }
    }
}
