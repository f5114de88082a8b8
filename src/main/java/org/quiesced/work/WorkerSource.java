// SPDX-License-Identifier: Apache-2.0
package org.quiesced.work;

/** Makes pools of workers, all with the same clock. Safe for use by several threads. */
public interface WorkerSource {
    /**
     * Ensures at least {@code count} idle workers for future pools, so that their tasks begin at once. Without this
     * call they begin a little later. Best effort.
     */
    void prepare(int count);

    /**
     * Creates a pool: workers that run tasks, and one mailbox for their reports.
     *
     * @param <S> type of the reports
     */
    <S> WorkerPool<S> newPool();
}
