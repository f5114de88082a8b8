// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.quiesced.kernel.Usage;

/** The one look of a phase at who uses disks without a claim: whoever needs it first takes it, the others wait for it. Safe for use by several threads. */
final class Look {
    /** Longest wait for a look that somebody else takes. A look at 5,000 processes takes a second or two. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Usage usage;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final CompletableFuture<Usage.Users> result = new CompletableFuture<>();

    Look(Usage usage) {
        this.usage = usage;
    }

    /**
     * Returns what was seen.
     *
     * @throws IOException if nothing could be seen, or not in time
     */
    Usage.Users users() throws IOException {
        if (!taken.getAndSet(true)) {
            try {
                result.complete(usage.look());
            } catch (IOException | RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        }
        try {
            return result.get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        } catch (TimeoutException | InterruptedException e) {
            throw new IOException("no answer within " + LIMIT.toSeconds() + " s", e);
        }
    }
}
