// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.VisibleUsers;

/**
 * Obstacles that show without opening a disk: visible users only. A disk whose user does not show counts as free.
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
