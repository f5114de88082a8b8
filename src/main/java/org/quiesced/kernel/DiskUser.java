// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A visible exclusive user of a disk: a mounted file system, swap, md, device-mapper.
 *
 * @param user who or what it is
 * @param release when it releases the disk during the shutdown, if nothing is done about the holders in between
 * @param stack the holders between it and the disk, if there are some that can be stopped
 */
public record DiskUser(User user, Release release, Optional<Stack> stack) {
    /** When a user releases a disk, the earliest first. */
    public enum Release {
        /** When systemd stops its unit, before the early phase: a data file system, swap. */
        EARLY,
        /** When systemd-shutdown detaches what is stacked on the disk, before the late phase: md, device-mapper. */
        LATE,
        /** When an exitrd unmounts the root file system, if there is one. */
        EXITRD,
        /** Never: users that no known part of the shutdown stops. */
        NEVER
    }

    /** Checks that all are present. */
    public DiskUser {
        Objects.requireNonNull(user);
        Objects.requireNonNull(release);
        Objects.requireNonNull(stack);
    }

    /** Creates a user with no holder in between. */
    public DiskUser(User user, Release release) {
        this(user, release, Optional.empty());
    }

    /** Creates a user that is known only in words. */
    public DiskUser(String text, Release release) {
        this(new User.Described(text), release);
    }

    /** Returns the user in words, for example {@code mounted on /srv}. */
    public String describe() {
        return user.describe();
    }

    /** Returns the user as it is if idle holders of certain kinds are stopped during the shutdown. */
    public DiskUser with(Set<HolderKind> stopped) {
        return stack.filter(holders -> stopped.containsAll(holders.kinds()))
                .map(holders -> new DiskUser(user, holders.release(), stack))
                .orElse(this);
    }

    /**
     * Returns whether the user still holds the disk when the machine goes down without an exitrd, as the root file
     * system does; a data file system is unmounted before.
     */
    public boolean stays() {
        return staysAfter(Release.LATE);
    }

    /** Returns whether the user still holds the disk when all others have let go that do so until then. */
    public boolean staysAfter(Release last) {
        return release.compareTo(last) > 0;
    }
}
