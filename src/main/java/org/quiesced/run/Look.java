// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.quiesced.kernel.Crew;
import org.quiesced.kernel.Usage;

/**
 * The looks of a phase at who uses disks without a claim. One look serves all devices that ask within a second of its beginning:
 * whoever needs it first takes it, the others wait for it. A look that does not end is waited for once, not by each device anew.
 * Safe for use by several threads.
 */
final class Look {
    /** Longest time that a look may take. A look at 5,000 processes takes a second or two. */
    static final Duration LIMIT = Duration.ofSeconds(20);

    /** The same after a phase whose look did not end. */
    private static final Duration LIMIT_AFTER_A_HANG = Duration.ofSeconds(2);

    /** Age from which what was seen is not relied upon any more. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Usage usage;
    private final Crew<?> crew;
    private final Duration limit;
    private Optional<Taken> latest = Optional.empty();

    /**
     * One look.
     *
     * @param begin when it was begun, by the crew's clock
     */
    private record Taken(long begin, CompletableFuture<Usage.Users> result) {
        boolean serves(long now) {
            return !result.isDone() || now - begin <= FRESH.toNanos();
        }
    }

    Look(Usage usage, Crew<?> crew) {
        this(usage, crew, LIMIT);
    }

    private Look(Usage usage, Crew<?> crew, Duration limit) {
        this.usage = usage;
        this.crew = crew;
        this.limit = limit;
    }

    /** Makes the looks of the next phase. If one of this phase has not ended, those get less time. */
    synchronized Look next() {
        boolean hangs = latest.isPresent()
                && !latest.get().result().isDone()
                && crew.now() - latest.get().begin() >= LIMIT.toNanos();
        return new Look(usage, crew, hangs ? LIMIT_AFTER_A_HANG : LIMIT);
    }

    /** Takes a look, unless there is one that serves. */
    void takeAhead() {
        current();
    }

    private Taken current() {
        Taken taken;
        synchronized (this) {
            if (latest.isPresent() && latest.get().serves(crew.now())) {
                return latest.get();
            }
            taken = new Taken(crew.now(), new CompletableFuture<>());
            latest = Optional.of(taken);
        }
        try {
            taken.result().complete(usage.look());
        } catch (IOException | RuntimeException | Error e) {
            taken.result().completeExceptionally(e);
        }
        return taken;
    }

    /**
     * Returns what was seen, at most a second before this was asked for.
     *
     * @throws IOException if nothing could be seen, or not in time
     */
    Usage.Users users() throws IOException {
        Taken taken = current();
        if (!crew.waitFor(taken.result(), taken.begin() + limit.toNanos())) {
            throw new IOException("no answer within " + limit.toSeconds() + " s");
        }
        try {
            return taken.result().getNow(null);
        } catch (CompletionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        }
    }
}
