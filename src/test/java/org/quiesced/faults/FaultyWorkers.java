// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Future;
import org.quiesced.work.NoWorkerException;
import org.quiesced.work.WorkerPool;
import org.quiesced.work.WorkerSource;

/** Starts of workers, as recorded calls. */
final class FaultyWorkers implements WorkerSource {
    private final WorkerSource workers;
    private final FaultyCalls calls;

    FaultyWorkers(WorkerSource workers, FaultyCalls calls) {
        this.workers = workers;
        this.calls = calls;
    }

    @Override
    public void prepare(int count) {}

    @Override
    public <S> WorkerPool<S> newPool() {
        WorkerPool<S> pool = workers.newPool();
        return new WorkerPool<>() {
            @Override
            public void start(String name, Task<S> task) throws NoWorkerException {
                startUnless(Site.START, () -> pool.start(name, task));
            }

            @Override
            public void post(S report) {
                pool.post(report);
            }

            @Override
            public boolean waitFor(Future<?> result, long until) {
                return pool.waitFor(result, until);
            }

            @Override
            public void startReserved(Task<S> task) throws NoWorkerException {
                startUnless(Site.START_RESERVED, () -> pool.startReserved(task));
            }

            @Override
            public boolean aside(Runnable work) {
                return calls.orNothing(Site.START, null, "", () -> Optional.of(pool.aside(work)))
                        .orElse(false);
            }

            @Override
            public Optional<S> await(long until) {
                return pool.await(until);
            }

            @Override
            public long now() {
                return pool.now();
            }
        };
    }

    @FunctionalInterface
    private interface Start {
        void run() throws NoWorkerException;
    }

    private void startUnless(Site site, Start start) throws NoWorkerException {
        try {
            calls.call(site, null, Optional::empty);
        } catch (IOException e) {
            throw new NoWorkerException(e.getMessage());
        }
        start.run();
    }
}
