// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import org.quiesced.work.WorkerSource;
import org.quiesced.work.simulated.SimulatedClock;
import org.quiesced.work.simulated.VirtualClock;

/**
 * Virtual time for several threads, of which one runs at a time. A thread runs until it waits or spends time; then the
 * thread with the earliest wake-up time continues. Threads with equal times continue in an order that depends on a seed
 * only, or without a seed in the order in which they began to wait. Unlike {@link VirtualClock}, which executes the
 * task of a worker ahead to its end, a worker observes what has happened elsewhere while it waited.
 */
public final class Lockstep implements SimulatedClock {
    private static final Comparator<Strand> ORDER = Comparator.<Strand>comparingLong(s -> s.wake)
            .thenComparingLong(s -> s.tie)
            .thenComparingInt(s -> s.number);

    private static final Threads SHARED = new Threads();

    private final Threads threads;
    private final Optional<SplittableRandom> dice;
    private final PriorityQueue<Strand> waiting = new PriorityQueue<>(ORDER);
    private final List<Strand> waitingForResult = new ArrayList<>();
    private Strand current = new Strand(0, null);
    private Optional<Throwable> failure = Optional.empty();
    private int strands = 1;
    private long scheduled;
    private long now = 7_777_000_000_000L;

    /**
     * Creates a clock with an arbitrary start time, as clocks have that count from an arbitrary moment. The calling
     * thread is the first of its threads.
     *
     * @param threads the threads for the workers, used by at most one lockstep at a time
     * @param seed determines the order of threads with equal times
     */
    public Lockstep(Threads threads, long seed) {
        this(threads, Optional.of(new SplittableRandom(seed)));
    }

    /**
     * Creates a clock without a seed: threads with equal times continue in the order in which they began to wait, and a
     * new worker runs at once until it waits.
     */
    public Lockstep() {
        this(SHARED, Optional.empty());
    }

    private Lockstep(Threads threads, Optional<SplittableRandom> dice) {
        this.threads = threads;
        this.dice = dice;
        current.thread = Thread.currentThread();
    }

    /** A line of execution: one piece of work, with a thread while it runs. */
    static final class Strand {
        private final int number;
        private final Runnable work;
        private Thread thread;
        private volatile boolean mayRun;
        private long wake;
        private long tie;
        private Future<?> result;

        Strand(int number, Runnable work) {
            this.number = number;
            this.work = work;
        }

        void resume() {
            mayRun = true;
            LockSupport.unpark(thread);
        }

        void awaitTurn() {
            while (!mayRun) {
                LockSupport.park(this);
            }
            mayRun = false;
        }
    }

    /** Threads that consecutive locksteps reuse. */
    public static final class Threads {
        private final ArrayDeque<Pooled> idle = new ArrayDeque<>();

        /** Creates an instance without threads. */
        public Threads() {}

        private void run(Lockstep lockstep, Strand strand) {
            Pooled thread = idle.poll();
            boolean isNew = thread == null;
            if (isNew) {
                thread = new Pooled(this);
            }
            strand.thread = thread;
            thread.lockstep = lockstep;
            thread.strand = strand;
            thread.hasWork = true;
            if (isNew) {
                thread.start();
            } else {
                LockSupport.unpark(thread);
            }
        }
    }

    private static final class Pooled extends Thread {
        private final Threads home;
        private Lockstep lockstep;
        private Strand strand;
        private volatile boolean hasWork;

        Pooled(Threads home) {
            super(null, null, "lockstep", 256 * 1024L);
            this.home = home;
            setDaemon(true);
        }

        @Override
        public void run() {
            while (true) {
                while (!hasWork) {
                    LockSupport.park(this);
                }
                hasWork = false;
                try {
                    strand.work.run();
                } catch (RuntimeException | Error e) {
                    lockstep.failure = Optional.of(e);
                }
                home.idle.push(this);
                lockstep.next(null);
            }
        }
    }

    @Override
    public long now() {
        return now;
    }

    /** Returns the number of the calling line of execution; 0 for the thread that created the lockstep. */
    public int strand() {
        return current.number;
    }

    @Override
    public void spend(long nanos) {
        if (nanos > 0) {
            await(now + nanos);
        }
    }

    /** Lets others with the same time continue first, if the seed determines so; does nothing without a seed. */
    public void giveWay() {
        if (dice.isPresent() && dice.get().nextInt(4) == 0) {
            await(now);
        }
    }

    /** Returns what a piece of work has thrown, if any has. */
    public Optional<Throwable> failure() {
        return failure;
    }

    /** Starts a piece of work in parallel with the caller's. */
    public void begin(Runnable work) {
        Strand strand = new Strand(strands++, work);
        schedule(strand, now);
        if (dice.isEmpty()) {
            await(now);
        }
    }

    /** Waits, without a time limit, until all other work has ended. */
    public void awaitAllOthers() {
        while (!waiting.isEmpty() || !waitingForResult.isEmpty()) {
            await(waiting.isEmpty() ? waitingForResult.get(0).wake : waiting.peek().wake);
        }
    }

    /** Waits until a time, or until {@link #wake}. */
    void await(long time) {
        Strand self = current;
        schedule(self, time);
        next(self);
    }

    /** Returns the calling line of execution. */
    Strand current() {
        return current;
    }

    /** Ends the wait of a line of execution at the current time. */
    void wake(Strand strand) {
        waiting.remove(strand);
        schedule(strand, now);
    }

    private void schedule(Strand strand, long time) {
        strand.wake = time;
        strand.tie = dice.map(SplittableRandom::nextLong).orElse(scheduled++);
        waiting.add(strand);
    }

    /**
     * Resumes the strand with the earliest time, which may be {@code self}, and waits until it is the turn of
     * {@code self} again, unless that is null.
     */
    private void next(Strand self) {
        releaseThoseWithResult();
        Strand next = waiting.remove();
        waitingForResult.remove(next);
        now = Math.max(now, next.wake);
        current = next;
        if (next == self) {
            return;
        }
        if (next.thread == null) {
            threads.run(this, next);
        } else {
            next.resume();
        }
        if (self != null) {
            self.awaitTurn();
        }
    }

    private void releaseThoseWithResult() {
        for (Iterator<Strand> each = waitingForResult.iterator(); each.hasNext(); ) {
            Strand strand = each.next();
            if (strand.result.isDone()) {
                each.remove();
                wake(strand);
            }
        }
    }

    /** Waits for a result of another strand, at most until a time. */
    void await(Future<?> result, long time) {
        Strand self = current;
        self.result = result;
        waitingForResult.add(self);
        schedule(self, time);
        next(self);
        self.result = null;
    }

    /** Creates the kernel of a machine in this time. */
    public SimulatedKernel kernel(Machine machine) {
        return kernel(machine, attempt -> true);
    }

    /**
     * Creates the kernel of a machine in this time.
     *
     * @param workerCanStart whether the n-th attempt to start a worker, from 0, succeeds
     */
    public SimulatedKernel kernel(Machine machine, IntPredicate workerCanStart) {
        return new SimulatedKernel(machine, this, new LockstepWorkers(this, workerCanStart));
    }

    /** Creates workers in this time. */
    public WorkerSource workers() {
        return new LockstepWorkers(this, attempt -> true);
    }
}
