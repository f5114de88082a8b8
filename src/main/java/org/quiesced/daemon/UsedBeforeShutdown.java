// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.quiesced.device.Device;
import org.quiesced.plan.EarlyRule;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Snapshot;

/**
 * Records which disks and partitions had a visible exclusive user when the shutdown began ({@link #begin}). Later
 * snapshots do not remove entries, because users release their disks during the shutdown. Safe for use by several
 * threads.
 */
final class UsedBeforeShutdown {
    /** Maximum time from the first stop job to the unmounting. An older record belongs to a cancelled shutdown. */
    static final Duration LONGEST = Duration.ofMinutes(15);

    private final LongSupplier clock;
    private Set<String> seen = Set.of();
    private boolean begun;
    private long since;
    /** The users of the last snapshot before a shutdown was cancelled. */
    private Optional<Set<String>> outdated = Optional.empty();

    /**
     * Creates a record with no shutdown under way.
     *
     * @param clock a monotonic clock, in nanoseconds
     */
    UsedBeforeShutdown(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * Begins the record of a shutdown.
     *
     * @param before the paths of the disks and partitions that had a user in the last snapshot
     * @param now the paths of those that have a user at the time of the call
     */
    synchronized void begin(Set<String> before, Set<String> now) {
        Set<String> both = new HashSet<>(valid(before));
        both.addAll(now);
        seen = both;
        begun = true;
        since = clock.getAsLong();
    }

    /** Ends the record: no shutdown is under way. */
    synchronized void forget() {
        begun = false;
        seen = Set.of();
    }

    /**
     * Ends the record of a cancelled shutdown. File systems that it has unmounted stay unmounted, and their disks may
     * have other users since: the next shutdown considers later snapshots only.
     *
     * @param latest the users of the last snapshot; this object is ignored from now on
     */
    synchronized void cancelled(Set<String> latest) {
        forget();
        outdated = Optional.of(latest);
    }

    private Set<String> valid(Set<String> latest) {
        return outdated.filter(old -> old == latest).isPresent() ? Set.of() : latest;
    }

    /**
     * Returns a predicate that tells whether a disk or partition had a user when the shutdown began.
     *
     * @param latest the paths of those that had a user in the last snapshot; used if {@link #begin} was not called
     */
    synchronized Predicate<Device> hadUser(Set<String> latest) {
        boolean valid = begun && clock.getAsLong() - since <= LONGEST.toNanos();
        Set<String> paths = valid ? seen : Set.copyOf(valid(latest));
        return disk -> paths.contains(disk.path());
    }

    /**
     * Returns the rule for the devices that may go down in the early phase.
     *
     * @param now the last snapshot
     */
    EarlyRule rule(Verb verb, Snapshot now) {
        return new EarlyRule(now.config().early(), verb, hadUser(now.used()));
    }
}
