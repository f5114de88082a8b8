// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.List;
import java.util.Optional;
import org.quiesced.device.Device;

/** The obstacles to the shutdown of disks, as known to a planner. */
interface DiskObstacles {
    /** Reads the state that all disks share, such as the mounts and swap, once for all disks of one plan. */
    Scan scan();

    /** Obstacles of single disks, based on one reading of the shared state. */
    @FunctionalInterface
    interface Scan {
        /**
         * Returns why a disk must not be touched; empty if no obstacle is known.
         *
         * @param partitions the partitions of the disk
         */
        Optional<DiskUse> against(Device disk, List<Device> partitions);
    }
}
