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
 * Which disks and partitions had a visible exclusive user when the shutdown began. A shutdown begins with
 * {@link #begin}; what is looked at later takes nothing away, for by then users let go. Safe for use by several
 * threads.
 */
final class UsedBeforeShutdown {
    /** From the first stop job to the unmounting. What was seen longer ago belongs to a shutdown that was cancelled. */
    static final Duration LONGEST = Duration.ofMinutes(15);

    private final LongSupplier clock;
    private Set<String> seen = Set.of();
    private boolean begun;
    private long since;
    /** What the last look saw before a shutdown was cancelled. */
    private Optional<Set<String>> outdated = Optional.empty();

    /**
     * Makes it, with no shutdown under way.
     *
     * @param clock a monotonic clock, in nanoseconds
     */
    UsedBeforeShutdown(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * Says that a shutdown begins.
     *
     * @param before the paths of the disks and partitions that had a user at the last look before
     * @param now the paths of those that have one at the moment of the call
     */
    synchronized void begin(Set<String> before, Set<String> now) {
        Set<String> both = new HashSet<>(valid(before));
        both.addAll(now);
        seen = both;
        begun = true;
        since = clock.getAsLong();
    }

    /** Says that no shutdown is under way: the next one starts anew. */
    synchronized void forget() {
        begun = false;
        seen = Set.of();
    }

    /**
     * Says that the shutdown that was under way was cancelled. What it has unmounted stays so, and others may have
     * begun to use that since: for the next one only later looks count.
     *
     * @param latest what the last look has seen; the same object is no evidence any more
     */
    synchronized void cancelled(Set<String> latest) {
        forget();
        outdated = Optional.of(latest);
    }

    private Set<String> valid(Set<String> latest) {
        return outdated.filter(old -> old == latest).isPresent() ? Set.of() : latest;
    }

    /**
     * Returns whether a disk or a partition had a user when the shutdown began.
     *
     * @param latest the paths of those that had a user at the last look; they count if nobody has said that a shutdown
     *       begins
     */
    synchronized Predicate<Device> hadUser(Set<String> latest) {
        boolean valid = begun && clock.getAsLong() - since <= LONGEST.toNanos();
        Set<String> paths = valid ? seen : Set.copyOf(valid(latest));
        return disk -> paths.contains(disk.path());
    }

    /**
     * Returns which devices may go down in the early phase.
     *
     * @param now with the last look
     */
    EarlyRule rule(Verb verb, Snapshot now) {
        return new EarlyRule(now.config().early(), verb, hadUser(now.used()));
    }
}
