// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import org.quiesced.kernel.Usage;
import org.quiesced.work.WorkerPool;

/**
 * The looks of a phase at who uses disks without a claim. What is known so far serves any device that wants to learn early that it is in use. What a
 * device relies upon when its driver goes is a look that began after it was claimed: whoever uses its disks was seen then, or shows in what the disks
 * count since. Such a look serves all that were claimed before it, so devices that go down together need one or two. Only the look that is taken ahead
 * of the late phase, in which no process is left that could have opened a disk since, serves for a moment besides. A look that does not end is waited
 * for once, not by each device anew. Safe for use by several threads.
 */
final class Look {
    /** Longest time that a look may take. A look at 5,000 processes takes a second or two. */
    static final Duration LIMIT = Duration.ofSeconds(20);

    /** The same after a phase whose look did not end. */
    private static final Duration LIMIT_AFTER_A_HANG = Duration.ofSeconds(2);

    /** Age, from its beginning, until which a look that was taken ahead serves whoever asks; and the shortest time that any serves. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    /** A look serves for so many times its own duration after its end, so that looks never take more than a part of the time. */
    private static final int WORTH = 10;

    /** But for no longer than this. */
    private static final Duration OLD = Duration.ofSeconds(10);

    private final Usage usage;
    private final WorkerPool<?> pool;
    private final Duration limit;
    private Optional<Taken> latest = Optional.empty();

    /**
     * One look.
     *
     * @param begin when it was begun, by the pool's clock
     * @param ahead whether it was taken before a device asked for it
     */
    private record Taken(long begin, boolean ahead, CompletableFuture<Seen> result) {
        boolean serves(long since, long now) {
            if (ahead && now - begin <= FRESH.toNanos() || hangs(now)) {
                return true;
            }
            return begin >= since && !result.isCompletedExceptionally() && (!result.isDone() || isWorth(now));
        }

        private boolean isWorth(long now) {
            long end = result.join().end();
            long worth = Math.min(OLD.toNanos(), WORTH * (end - begin));
            return now - end <= Math.max(FRESH.toNanos(), worth);
        }

        boolean hangs(long now) {
            return !result.isDone() && now - begin >= LIMIT.toNanos();
        }
    }

    private record Seen(Usage.Users users, long end) {}

    Look(Usage usage, WorkerPool<?> pool) {
        this(usage, pool, LIMIT);
    }

    private Look(Usage usage, WorkerPool<?> pool, Duration limit) {
        this.usage = usage;
        this.pool = pool;
        this.limit = limit;
    }

    /** Makes the looks of the next phase. If one of this phase has not ended, those get less time. */
    synchronized Look next() {
        boolean hangs = latest.isPresent() && latest.get().hangs(pool.now());
        return new Look(usage, pool, hangs ? LIMIT_AFTER_A_HANG : LIMIT);
    }

    /** Takes the first look of a late phase, unless a device has taken one. In an early phase, in which processes run, none may be taken ahead. */
    void takeAhead() {
        takeUnless(look -> true, true);
    }

    private Taken takeUnless(Predicate<Taken> serves) {
        return takeUnless(serves, false);
    }

    private Taken takeUnless(Predicate<Taken> serves, boolean ahead) {
        Taken taken;
        synchronized (this) {
            if (latest.filter(serves).isPresent()) {
                return latest.get();
            }
            taken = new Taken(pool.now(), ahead, new CompletableFuture<>());
            latest = Optional.of(taken);
        }
        try {
            Usage.Users users = usage.look();
            taken.result().complete(new Seen(users, pool.now()));
        } catch (IOException | RuntimeException | Error e) {
            taken.result().completeExceptionally(e);
        }
        return taken;
    }

    /**
     * Returns what was seen in this phase, however long ago.
     *
     * @throws IOException if nothing could be seen, or not in time
     */
    Usage.Users known() throws IOException {
        return resultOf(takeUnless(look -> !look.result().isCompletedExceptionally()));
    }

    /**
     * Returns what was seen since a time; in the late phase perhaps up to a second before this was asked for.
     *
     * @param since by the pool's clock
     * @throws IOException if nothing could be seen, or not in time
     */
    Usage.Users users(long since) throws IOException {
        return resultOf(takeUnless(look -> look.serves(since, pool.now())));
    }

    private Usage.Users resultOf(Taken taken) throws IOException {
        if (!pool.waitFor(taken.result(), taken.begin() + limit.toNanos())) {
            throw new IOException("no answer within " + limit.toSeconds() + " s");
        }
        try {
            return taken.result().join().users();
        } catch (CompletionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        }
    }
}
