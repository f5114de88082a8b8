// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import org.quiesced.kernel.Usage;
import org.quiesced.work.WorkerPool;

/**
 * The looks of one phase at who uses disks without a claim. Any result of the phase may tell a device early that it is
 * in use. Before its driver is unbound, a device relies on a look that began after it was claimed: a user of its disks
 * was seen then, or shows in the disks' counters since. Such a look serves all devices that were claimed before it, so
 * devices that go down together need one or two. The only exception is the look taken ahead of the late phase, in which
 * no process is left that could have opened a disk since: it also serves for a moment. A look that does not end is
 * waited for once, not by each device anew. Safe for use by several threads.
 */
final class UsageScans {
    /** Longest time that a look may take. A look at 5,000 processes takes a second or two. */
    static final Duration LIMIT = Duration.ofSeconds(20);

    /** Time limit of a look after a phase whose look did not end. */
    private static final Duration LIMIT_AFTER_A_HANG = Duration.ofSeconds(2);

    /**
     * Age, from its beginning, up to which a look that was taken ahead serves any device; and the shortest time for
     * which any look serves.
     */
    private static final Duration FRESH = Duration.ofSeconds(1);

    /**
     * A look serves for this many times its own duration after its end, so that looks take only a part of the time.
     */
    private static final int WORTH = 10;

    /** Upper limit of that time. */
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

    UsageScans(Usage usage, WorkerPool<?> pool) {
        this(usage, pool, LIMIT);
    }

    private UsageScans(Usage usage, WorkerPool<?> pool, Duration limit) {
        this.usage = usage;
        this.pool = pool;
        this.limit = limit;
    }

    /** Returns the looks of the next phase. They get less time if a look of this phase hangs. */
    synchronized UsageScans next() {
        boolean hangs = latest.isPresent() && latest.get().hangs(pool.now());
        return new UsageScans(usage, pool, hangs ? LIMIT_AFTER_A_HANG : LIMIT);
    }

    /**
     * Takes the first look of a late phase, unless a device has taken one. Must not be called in an early phase, in
     * which processes run.
     */
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
            Usage.Users users = usage.scan();
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
     * Returns what was seen since a time; in the late phase possibly up to a second before this call.
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
            throw new IOException(Objects.requireNonNull(e.getCause()).getMessage(), e);
        }
    }
}
