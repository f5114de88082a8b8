// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.work.WorkerPool;

/**
 * The flushes of disks that several devices share, such as the namespaces of an NVMe subsystem with several
 * controllers. A flush for one device serves the others whose claims have the same grant, because no other user could
 * start to use the disk in between. Safe for use by several threads.
 */
final class SharedFlushes {
    private final WorkerPool<?> pool;
    /** The first flush under each grant, which completes with whether it succeeded. Guarded by this object. */
    private final Map<Object, CompletableFuture<Boolean>> flushes = new IdentityHashMap<>();

    SharedFlushes(WorkerPool<?> pool) {
        this.pool = pool;
    }

    /**
     * Flushes a disk, unless that was done under the same grant. Waits for a flush that is in progress, and does not
     * rely on one that failed.
     *
     * @param grant the grant of the claim on the disk
     * @param until when to give up waiting for another device's flush, by the pool's clock
     * @throws IOException if the command fails, or if the other flush has not ended in time
     */
    void flush(Object grant, long until, ShutdownMethod.Command<?> command) throws IOException {
        CompletableFuture<Boolean> own = new CompletableFuture<>();
        Optional<CompletableFuture<Boolean>> other = begin(grant, own);
        if (other.isPresent() && !pool.waitFor(other.get(), until)) {
            throw new IOException("the flush for another controller has not ended in time");
        }
        if (other.isPresent() && other.get().join()) {
            return;
        }
        boolean succeeded = false;
        try {
            command.send();
            succeeded = true;
        } finally {
            own.complete(succeeded);
        }
    }

    /** Enters the first flush under a grant; returns the one that was entered before. */
    private synchronized Optional<CompletableFuture<Boolean>> begin(Object grant, CompletableFuture<Boolean> flush) {
        return Optional.ofNullable(flushes.putIfAbsent(grant, flush));
    }
}
