// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.IntPredicate;
import org.quiesced.work.NoWorkerException;
import org.quiesced.work.WorkerPool;
import org.quiesced.work.WorkerSource;

/** Workers that take turns in the time of a {@link Lockstep}. */
final class LockstepWorkers implements WorkerSource {
    private final Lockstep time;
    private final IntPredicate workerCanStart;

    LockstepWorkers(Lockstep time, IntPredicate workerCanStart) {
        this.time = time;
        this.workerCanStart = workerCanStart;
    }

    @Override
    public void prepare(int count) {}

    @Override
    public <S> WorkerPool<S> newPool() {
        return new LockstepPool<>(time, workerCanStart);
    }

    private static final class LockstepPool<S> implements WorkerPool<S> {
        private final ArrayDeque<S> mailbox = new ArrayDeque<>();
        private final ArrayDeque<Runnable> reserved = new ArrayDeque<>();
        private final Lockstep time;
        private final IntPredicate workerCanStart;
        private boolean reservedIsAtWork;
        private int attempts;
        private Lockstep.Strand reader;

        LockstepPool(Lockstep time, IntPredicate workerCanStart) {
            this.time = time;
            this.workerCanStart = workerCanStart;
        }

        @Override
        public void start(String name, Task<S> task) throws NoWorkerException {
            if (!workerCanStart.test(attempts++)) {
                throw new NoWorkerException("simulated: no thread");
            }
            time.begin(() -> task.run(this::post));
        }

        @Override
        public void post(S report) {
            mailbox.add(report);
            if (reader != null) {
                time.wake(reader);
                reader = null;
            }
        }

        @Override
        public boolean waitFor(Future<?> result, long until) {
            if (!result.isDone() && until > time.now()) {
                time.await(result, until);
            }
            return result.isDone();
        }

        @Override
        public void startReserved(Task<S> task) {
            reserved.add(() -> task.run(this::post));
            if (!reservedIsAtWork) {
                reservedIsAtWork = true;
                time.begin(this::workInReserve);
            }
        }

        private void workInReserve() {
            while (!reserved.isEmpty()) {
                reserved.remove().run();
            }
            reservedIsAtWork = false;
        }

        @Override
        public boolean aside(Runnable work) {
            time.begin(work);
            return true;
        }

        @Override
        public Optional<S> await(long until) {
            if (mailbox.isEmpty() && until > time.now()) {
                reader = time.current();
                time.await(until);
                reader = null;
            }
            return Optional.ofNullable(mailbox.poll());
        }

        @Override
        public long now() {
            return time.now();
        }
    }
}
