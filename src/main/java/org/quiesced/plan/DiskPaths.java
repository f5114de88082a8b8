// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.method.DriveTypes;

/**
 * Which drives of a tree are paths to the same disk, and which of them stops the disk: the one that was discovered
 * first. It goes down after the others, so that nothing is sent to a disk that is stopped, and the others go down
 * without a stop. If one of the others is left to the kernel, so is the path that stops the disk: the kernel then stops
 * the disk when it shuts these down. Drives are given by their index in the tree.
 */
final class DiskPaths {
    private DiskPaths() {}

    /**
     * Returns the path that stops the disk for each drive that does not stop its disk itself.
     *
     * @param types know the identity of a drive's disk
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
