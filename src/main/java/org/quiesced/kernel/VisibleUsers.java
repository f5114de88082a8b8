// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.util.Optional;
import org.quiesced.device.Device;

/**
 * The users of disks that show without a disk being opened: mounted file systems, swap and holders. It explains, and proves nothing: a disk
 * without one may be in use all the same, and only {@link BlockClaims#claim} tells. Mounts and swap are those of the moment at which this was
 * made; holders those of the moment at which it is asked. Safe for use by several threads.
 */
public interface VisibleUsers {
    /** None at all. */
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

    /** Returns the user of a disk or of one of its partitions that lets go last; of several such, the first found. */
    Optional<DiskUser> of(Device disk);

    /**
     * Returns the user of one part of a disk: of the disk as a whole, without its partitions, or of a partition. Of several it is the one that
     * lets go last.
     *
     * @param part a whole disk or a partition
     */
    Optional<DiskUser> ownOf(Device part);
}
