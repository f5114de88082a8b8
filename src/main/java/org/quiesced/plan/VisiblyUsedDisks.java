// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.VisibleUsers;

/**
 * Obstacles by visible users, without opening a disk. A disk whose user is not visible counts as free.
 *
 * @param claims the kernel's claims, of which only {@link BlockClaims#visibleUsers} is called
 */
record VisiblyUsedDisks(BlockClaims claims) implements DiskObstacles {
    @Override
    public Scan scan() {
        VisibleUsers users = claims.visibleUsers();
        return (disk, partitions) -> DiskUse.visible(disk, partitions, users);
    }
}
