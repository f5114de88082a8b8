// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.method.DriveTypes;

/** Which drives of a tree are paths to the same disk. Drives are given by their index in the tree. Immutable. */
public final class DiskPaths {
    private final Map<Integer, List<Integer>> others = new HashMap<>();

    /**
     * Finds the paths among the drives that have their driver.
     *
     * @param types know the identity of a drive's disk
     */
    public DiskPaths(DeviceTree tree, DriveTypes types) {
        Map<String, List<Integer>> byIdentity = new HashMap<>();
        for (int i = 0; i < tree.size(); i++) {
            Device device = tree.get(i);
            Optional<String> identity = types.of(device).flatMap(type -> type.identity(device, Device::attribute));
            if (identity.isPresent()) {
                byIdentity
                        .computeIfAbsent(identity.get(), key -> new ArrayList<>())
                        .add(i);
            }
        }
        byIdentity.values().stream().filter(paths -> paths.size() > 1).forEach(this::join);
    }

    private void join(List<Integer> paths) {
        for (int path : paths) {
            others.put(path, paths.stream().filter(other -> other != path).toList());
        }
    }

    /** Returns the other paths to a drive's disk. */
    public List<Integer> othersOf(int drive) {
        return others.getOrDefault(drive, List.of());
    }
}
