// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.List;
import java.util.Optional;
import org.quiesced.device.Device;

/** The reasons against shutting a disk down, as a planner sees them. */
interface DiskObstacles {
    /** Reads the state that all disks share, such as the mounts and swap, once for all disks of one plan. */
    Scan scan();

    /** Obstacles of single disks, by one reading of the shared state. */
    @FunctionalInterface
    interface Scan {
        /**
         * Returns why a disk may not be touched, or nothing if no obstacle is known.
         *
         * @param partitions the partitions of the disk
         */
        Optional<DiskUse> against(Device disk, List<Device> partitions);
    }
}
