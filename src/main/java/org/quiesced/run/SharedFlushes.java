// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.quiesced.device.Device;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.work.WorkerPool;

/**
 * The flushes of disks that several devices share, such as the namespaces of an NVMe subsystem with several
 * controllers. A flush for one device serves another one if it began after that device was claimed: what was written
 * before is flushed, and what is written later shows in the counters of the disk. Safe for use by several threads.
 */
final class SharedFlushes {
    private final WorkerPool<?> pool;
    /** The last flush of each disk. Guarded by this object. */
    private final Map<Device, Flush> flushes = new HashMap<>();

    /**
     * A flush.
     *
     * @param begin when it began, by the pool's clock
     * @param result completes with whether it succeeded
     */
    private record Flush(long begin, CompletableFuture<Boolean> result) {
        boolean serves(long since) {
            return begin >= since && result.getNow(true);
        }
    }

    SharedFlushes(WorkerPool<?> pool) {
        this.pool = pool;
    }

    /**
     * Flushes a disk, unless a flush for another device serves this one. Waits for one that is in progress, and does
     * not rely on one that failed, or that has not ended in time.
     *
     * @param since when the disk was claimed and its counters were read, by the pool's clock
     * @param until when to give up waiting for another device's flush, by that clock
     * @throws IOException if the command fails
     */
    void flush(Device disk, long since, long until, ShutdownMethod.Command<?> command) throws IOException {
        Flush own = new Flush(pool.now(), new CompletableFuture<>());
        Optional<Flush> other = begin(disk, since, own);
        if (other.isPresent()
                && pool.waitFor(other.get().result(), until)
                && other.get().result().getNow(false)) {
            return;
        }
        boolean succeeded = false;
        try {
            command.send();
            succeeded = true;
        } finally {
            own.result().complete(succeeded);
        }
    }

    /** Returns the flush that serves; enters the given one if there is none. */
    private synchronized Optional<Flush> begin(Device disk, long since, Flush own) {
        Optional<Flush> other = Optional.ofNullable(flushes.get(disk)).filter(flush -> flush.serves(since));
        if (other.isEmpty()) {
            flushes.put(disk, own);
        }
        return other;
    }
}
