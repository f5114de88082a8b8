// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.method.DriveTypes;

/**
 * Finds drives that are paths to the same disk, and selects the path that stops the disk: the one that was discovered
 * first. It is shut down after the others, so that no command is sent to a stopped disk, and the others are shut down
 * without a stop. If one of the others is left to the kernel, so is the stopping path: the kernel then stops the disk
 * when it shuts these paths down. Drives are identified by their index in the tree.
 */
final class DiskPaths {
    private DiskPaths() {}

    /**
     * Returns the stopping path of each drive that does not stop its disk itself.
     *
     * @param types the types, which identify the disks of drives
     */
    static Map<Integer, Integer> stoppingPaths(DeviceTree tree, DriveTypes types) {
        Map<Integer, Integer> stoppingPaths = new HashMap<>();
        Map<String, Integer> firstByIdentity = new HashMap<>();
        for (int i = 0; i < tree.size(); i++) {
            Device device = tree.get(i);
            Optional<String> identity = types.of(device).flatMap(type -> type.diskIdentity(device));
            if (identity.isPresent()) {
                Integer first = firstByIdentity.putIfAbsent(identity.get(), i);
                if (first != null) {
                    stoppingPaths.put(i, first);
                }
            }
        }
        return Map.copyOf(stoppingPaths);
    }
}
