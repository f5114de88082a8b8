// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work.simulated;

import java.util.function.IntPredicate;
import org.quiesced.work.WorkerPool;
import org.quiesced.work.WorkerSource;

/**
 * Factory of pools in virtual time. For one thread.
 *
 * @param clock the clock of all pools
 * @param workerCanStart whether the n-th attempt of a pool to start a worker, from 0, succeeds
 */
public record VirtualWorkers(VirtualClock clock, IntPredicate workerCanStart) implements WorkerSource {
    /** Does nothing: virtual time needs no threads. */
    @Override
    public void prepare(int count) {}

    @Override
    public <S> WorkerPool<S> newPool() {
        return new SimulatedWorkerPool<>(clock, workerCanStart);
    }
}
