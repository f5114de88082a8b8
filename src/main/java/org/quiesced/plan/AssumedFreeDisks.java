// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.Optional;

/** No obstacles: all disks count as free. Does not call the kernel. */
record AssumedFreeDisks() implements DiskObstacles {
    @Override
    public Scan scan() {
        return (disk, partitions) -> Optional.empty();
    }
}
