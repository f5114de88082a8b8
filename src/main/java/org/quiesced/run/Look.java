// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.quiesced.kernel.Crew;
import org.quiesced.kernel.Usage;

/** The one look of a phase at who uses disks without a claim: whoever needs it first takes it, the others wait for it. Safe for use by several threads. */
final class Look {
    /** Longest wait for a look that somebody else takes. A look at 5,000 processes takes a second or two. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Usage usage;
    private final Crew<?> crew;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final CompletableFuture<Usage.Users> result = new CompletableFuture<>();

    Look(Usage usage, Crew<?> crew) {
        this.usage = usage;
        this.crew = crew;
    }

    /** Takes the look, unless somebody has begun it. */
    void takeAhead() {
        if (!taken.getAndSet(true)) {
            take();
        }
    }

    private void take() {
        try {
            result.complete(usage.look());
        } catch (IOException | RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    /**
     * Returns what was seen.
     *
     * @throws IOException if nothing could be seen, or not in time
     */
    Usage.Users users() throws IOException {
        takeAhead();
        if (!crew.waitFor(result, crew.now() + LIMIT.toNanos())) {
            throw new IOException("no answer within " + LIMIT.toSeconds() + " s");
        }
        try {
            return result.getNow(null);
        } catch (CompletionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        }
    }
}
