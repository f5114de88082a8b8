// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work;

/** Factory of worker pools with a common clock. Safe for use by several threads. */
public interface WorkerSource {
    /**
     * Ensures at least {@code count} idle workers for future pools, so that tasks begin at once. Best effort; without
     * them tasks begin a little later.
     */
    void prepare(int count);

    /**
     * Creates a pool with its own mailbox.
     *
     * @param <S> type of the reports
     */
    <S> WorkerPool<S> newPool();
}
