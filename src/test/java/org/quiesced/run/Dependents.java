// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceLink;
import org.quiesced.device.DeviceTree;

/**
 * Determines dependents by rule 1 of ordering, independently of the planner, so that the checkers do not share its
 * bugs.
 */
public final class Dependents {
    private Dependents() {}

    /** Returns, for each device of a tree, all devices that depend on it, directly or not. */
    public static Map<Device, Set<Device>> of(DeviceTree tree) {
        Map<Device, Set<Device>> direct = new HashMap<>();
        for (Device device : tree.devices()) {
            direct.computeIfAbsent(device, key -> new HashSet<>());
            nearestAbove(tree, device.path())
                    .ifPresent(parent -> direct.computeIfAbsent(parent, key -> new HashSet<>())
                            .add(device));
        }
        for (DeviceLink link : tree.links()) {
            if (!link.syncStateOnly()) {
                direct.get(tree.find(link.supplier()).orElseThrow())
                        .add(tree.find(link.consumer()).orElseThrow());
            }
        }
        Map<Device, Set<Device>> all = new HashMap<>();
        for (Device device : tree.devices()) {
            Set<Device> found = new HashSet<>();
            ArrayDeque<Device> open = new ArrayDeque<>(List.of(device));
            while (!open.isEmpty()) {
                for (Device dependent : direct.get(open.remove())) {
                    if (found.add(dependent)) {
                        open.add(dependent);
                    }
                }
            }
            all.put(device, found);
        }
        return all;
    }

    private static Optional<Device> nearestAbove(DeviceTree tree, String path) {
        for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
            Optional<Device> above = tree.find(path.substring(0, end));
            if (above.isPresent()) {
                return above;
            }
        }
        return Optional.empty();
    }
}
