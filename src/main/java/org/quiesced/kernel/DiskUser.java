// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A visible exclusive user of a disk: a mounted file system, swap, md, device-mapper.
 *
 * @param user the user
 * @param release when it releases the disk during the shutdown, unless the holders in between are stopped
 * @param stack the holders between it and the disk; empty if none can be stopped
 */
public record DiskUser(User user, Release release, Optional<Stack> stack) {
    /** When a user releases a disk, in chronological order. */
    public enum Release {
        /** When systemd stops its unit, before the early phase: a data file system, swap. */
        EARLY,
        /** When systemd-shutdown detaches what is stacked on the disk, before the late phase: md, device-mapper. */
        LATE,
        /** When an exitrd unmounts the root file system, if there is one. */
        EXITRD,
        /** Never: no known part of the shutdown stops the user. */
        NEVER
    }

    /** Checks that no component is null. */
    public DiskUser {
        Objects.requireNonNull(user);
        Objects.requireNonNull(release);
        Objects.requireNonNull(stack);
    }

    /** Creates a user without a holder in between. */
    public DiskUser(User user, Release release) {
        this(user, release, Optional.empty());
    }

    /** Creates a user that is known only by its description. */
    public DiskUser(String text, Release release) {
        this(new User.Described(text), release);
    }

    /** Returns the user in words, for example {@code mounted on /srv}. */
    public String describe() {
        return user.describe();
    }

    /** Returns a copy whose release takes into account that unused holders of the given kinds are stopped. */
    public DiskUser with(Set<HolderKind> stopped) {
        return stack.filter(holders -> stopped.containsAll(holders.kinds()))
                .map(holders -> new DiskUser(user, holders.release(), stack))
                .orElse(this);
    }

    /**
     * Returns whether the user holds the disk until the end of a shutdown without an exitrd, as the root file system
     * does.
     */
    public boolean stays() {
        return staysAfter(Release.LATE);
    }

    /** Returns whether the user holds the disk longer than the given release. */
    public boolean staysAfter(Release last) {
        return release.compareTo(last) > 0;
    }
}
