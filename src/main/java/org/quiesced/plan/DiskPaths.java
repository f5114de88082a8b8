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
 * the disk when it shuts these down. Drives are given by their index in the tree. Immutable.
 */
final class DiskPaths {
    private final Map<Integer, Integer> stoppingPaths = new HashMap<>();

    /**
     * Finds the paths among the drives that have their driver.
     *
     * @param types know the identity of a drive's disk
     */
    DiskPaths(DeviceTree tree, DriveTypes types) {
        Map<String, Integer> firstByIdentity = new HashMap<>();
        for (int i = 0; i < tree.size(); i++) {
            Device device = tree.get(i);
            Optional<String> identity = types.of(device).flatMap(type -> type.identity(device));
            if (identity.isPresent()) {
                Integer first = firstByIdentity.putIfAbsent(identity.get(), i);
                if (first != null) {
                    stoppingPaths.put(i, first);
                }
            }
        }
    }

    /** Returns the path that stops the disk of a drive, if that is another one. */
    Optional<Integer> stoppingPathOf(int drive) {
        return Optional.ofNullable(stoppingPaths.get(drive));
    }

    /** Returns the path that stops the disk for each drive that does not stop its disk itself. */
    Map<Integer, Integer> stoppingPaths() {
        return Map.copyOf(stoppingPaths);
    }
}
