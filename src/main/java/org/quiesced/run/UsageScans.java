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
 * The scans of one phase for users of disks that the exclusive claim does not show.
 *
 * <p>Any scan of the phase may show early that a device is in use. Before its driver is unbound, however, a device
 * relies on a scan that began after the device was claimed: a user of its disks was either seen by that scan, or shows
 * in the disks' counters since. Such a scan serves all devices that were claimed before it, so devices that go down
 * together need one or two. The only exception is the scan that the late phase begins in advance, when no process is
 * left that could have opened a disk since: for a moment it serves any device. A scan that hangs is awaited once, not
 * by each device. Safe for use by several threads.
 */
final class UsageScans {
    /** Time limit of a scan. A scan of 5,000 processes takes a second or two. */
    static final Duration LIMIT = Duration.ofSeconds(20);

    /** Time limit of a scan in a phase after one whose scan hung. */
    private static final Duration LIMIT_AFTER_A_HANG = Duration.ofSeconds(2);

    /**
     * Age from its beginning up to which a scan in advance serves any device, and the shortest time from its end for
     * which any scan serves.
     */
    private static final Duration SHORTEST_VALIDITY = Duration.ofSeconds(1);

    /** A scan serves for this multiple of its duration, so that scans take only a part of the time. */
    private static final int VALIDITY_FACTOR = 10;

    /** Upper limit of that time. */
    private static final Duration LONGEST_VALIDITY = Duration.ofSeconds(10);

    private final Usage usage;
    private final WorkerPool<?> pool;
    private final Duration limit;
    private Optional<Scan> latest = Optional.empty();

    /**
     * One scan.
     *
     * @param begin when it began, by the pool's clock
     * @param inAdvance whether it began before a device requested it
     */
    private record Scan(long begin, boolean inAdvance, CompletableFuture<Result> result) {
        boolean serves(long since, long now) {
            if (inAdvance && now - begin <= SHORTEST_VALIDITY.toNanos() || hangs(now)) {
                return true;
            }
            return begin >= since && !result.isCompletedExceptionally() && (!result.isDone() || isRecent(now));
        }

        private boolean isRecent(long now) {
            long end = result.join().end();
            long validity = Math.min(LONGEST_VALIDITY.toNanos(), VALIDITY_FACTOR * (end - begin));
            return now - end <= Math.max(SHORTEST_VALIDITY.toNanos(), validity);
        }

        boolean hangs(long now) {
            return !result.isDone() && now - begin >= LIMIT.toNanos();
        }
    }

    private record Result(Usage.Users users, long end) {}

    UsageScans(Usage usage, WorkerPool<?> pool) {
        this(usage, pool, LIMIT);
    }

    private UsageScans(Usage usage, WorkerPool<?> pool, Duration limit) {
        this.usage = usage;
        this.pool = pool;
        this.limit = limit;
    }

    /** Returns the scans of the next phase. They have a shorter time limit if a scan of this phase hangs. */
    synchronized UsageScans next() {
        boolean hangs = latest.isPresent() && latest.get().hangs(pool.now());
        return new UsageScans(usage, pool, hangs ? LIMIT_AFTER_A_HANG : LIMIT);
    }

    /**
     * Executes the first scan of a late phase, unless a device has begun one. Must not be called in an early phase, in
     * which processes run.
     */
    void scanInAdvance() {
        scanUnless(scan -> true, true);
    }

    private Scan scanUnless(Predicate<Scan> serves) {
        return scanUnless(serves, false);
    }

    private Scan scanUnless(Predicate<Scan> serves, boolean inAdvance) {
        Scan scan;
        synchronized (this) {
            if (latest.filter(serves).isPresent()) {
                return latest.get();
            }
            scan = new Scan(pool.now(), inAdvance, new CompletableFuture<>());
            latest = Optional.of(scan);
        }
        try {
            Usage.Users users = usage.scan();
            scan.result().complete(new Result(users, pool.now()));
        } catch (IOException | RuntimeException | Error e) {
            scan.result().completeExceptionally(e);
        }
        return scan;
    }

    /**
     * Returns the users found by a scan of this phase, however old.
     *
     * @throws IOException if the users cannot be determined, or not in time
     */
    Usage.Users known() throws IOException {
        return resultOf(scanUnless(scan -> !scan.result().isCompletedExceptionally()));
    }

    /**
     * Returns the users found by a scan that began after a time; in the late phase possibly by the one in advance.
     *
     * @param since the time, by the pool's clock
     * @throws IOException if the users cannot be determined, or not in time
     */
    Usage.Users users(long since) throws IOException {
        return resultOf(scanUnless(scan -> scan.serves(since, pool.now())));
    }

    private Usage.Users resultOf(Scan scan) throws IOException {
        if (!pool.waitFor(scan.result(), scan.begin() + limit.toNanos())) {
            throw new IOException("no answer within " + limit.toSeconds() + "s");
        }
        try {
            return scan.result().join().users();
        } catch (CompletionException e) {
            throw new IOException(Objects.requireNonNull(e.getCause()).getMessage(), e);
        }
    }
}
