// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Objects;

/**
 * A visible exclusive user of a disk: a mounted file system, swap, md, device-mapper.
 *
 * @param user who or what it is
 * @param release when it releases the disk during the shutdown
 */
public record DiskUser(User user, Release release) {
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

    /** Checks that both are present. */
    public DiskUser {
        Objects.requireNonNull(user);
        Objects.requireNonNull(release);
    }

    /** Creates a user that is known only in words. */
    public DiskUser(String text, Release release) {
        this(new User.Described(text), release);
    }

    /** Returns the user in words, for example {@code mounted on /srv}. */
    public String describe() {
        return user.describe();
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
