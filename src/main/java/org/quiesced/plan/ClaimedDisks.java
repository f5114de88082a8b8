// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.VisibleUsers;

/**
 * Obstacles by claims: a disk without a visible user is claimed and immediately released, which proves that it is free.
 * A disk that cannot be opened counts as in use.
 *
 * @param claims the kernel's claims
 */
record ClaimedDisks(BlockClaims claims) implements DiskObstacles {
    @Override
    public Scan scan() {
        VisibleUsers users = claims.visibleUsers();
        return (disk, partitions) -> DiskUse.of(disk, partitions, claims, users);
    }
}
