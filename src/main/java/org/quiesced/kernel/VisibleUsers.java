// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Optional;
import org.quiesced.device.Device;

/**
 * The users of disks that are visible without opening a disk: mounted file systems, swap and holders. A disk without a
 * visible user may still be in use; only {@link BlockClaims#claim} is authoritative. Mounts and swap are as of the
 * creation of this object, holders as of each call. Thread-safe.
 */
public interface VisibleUsers {
    /** No users. */
    VisibleUsers NONE = new VisibleUsers() {
        @Override
        public Optional<DiskUser> of(Device disk) {
            return Optional.empty();
        }

        @Override
        public Optional<DiskUser> ownOf(Device part) {
            return Optional.empty();
        }
    };

    /**
     * Returns the user of a disk or of one of its partitions that releases it last; the first of several that release
     * it at the same time.
     */
    Optional<DiskUser> of(Device disk);

    /**
     * Returns the user of one part of a disk: of the whole disk without its partitions, or of a partition. Of several
     * users, returns the one that releases it last.
     *
     * @param part a whole disk or a partition
     */
    Optional<DiskUser> ownOf(Device part);
}
