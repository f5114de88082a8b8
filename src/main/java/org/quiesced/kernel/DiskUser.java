// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Objects;

/**
 * A visible exclusive user of a disk: a mounted file system, swap, md, device-mapper.
 *
 * @param description the user, for example {@code mounted on /srv}
 * @param release when it lets go of the disk while the machine goes down
 */
public record DiskUser(String description, Release release) {
    /** When a user lets go, the earliest first. */
    public enum Release {
        /** When systemd stops its unit, before the early phase: a data file system, swap. */
        EARLY,
        /** When systemd-shutdown takes apart what is stacked on the disk, before the late phase: md, device-mapper. */
        LATE,
        /** Never: the root file system, and users that nothing is known to stop. */
        NEVER
    }

    /** Checks that there is a description. */
    public DiskUser {
        Objects.requireNonNull(description);
        Objects.requireNonNull(release);
    }

    /** Makes a user that lets go early, or never. */
    public DiskUser(String description, boolean stays) {
        this(description, stays ? Release.NEVER : Release.EARLY);
    }

    /** Returns whether it still uses the disk when the machine goes down: the root file system does, a data file system is unmounted. */
    public boolean stays() {
        return release == Release.NEVER;
    }
}
