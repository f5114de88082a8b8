// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import org.quiesced.work.NoWorkerException;
import org.quiesced.work.WorkerPool;
import org.quiesced.work.WorkerSource;

/** Creates pools whose coordinator wakes up five seconds late. */
record SlowCoordinators(WorkerSource workers) implements WorkerSource {
    @Override
    public void prepare(int count) {}

    @Override
    public <S> WorkerPool<S> newPool() {
        return new SlowCoordinator<>(workers.newPool());
    }

    /** A pool whose mailbox times out five seconds late. */
    private record SlowCoordinator<S>(WorkerPool<S> pool) implements WorkerPool<S> {
        @Override
        public void start(String name, Task<S> task) throws NoWorkerException {
            pool.start(name, task);
        }

        @Override
        public boolean waitFor(Future<?> result, long until) {
            return pool.waitFor(result, until);
        }

        @Override
        public void post(S report) {
            pool.post(report);
        }

        @Override
        public void startReserved(Task<S> task) throws NoWorkerException {
            pool.startReserved(task);
        }

        @Override
        public boolean aside(Runnable work) {
            return pool.aside(work);
        }

        @Override
        public Optional<S> await(long until) {
            return pool.await(until > now() ? until + Duration.ofSeconds(5).toNanos() : until);
        }

        @Override
        public long now() {
            return pool.now();
        }
    }
}
