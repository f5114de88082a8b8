// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.quiesced.config.Config;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceLink;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.Holders;
import org.quiesced.method.DriveTypes;

/**
 * Converts the holders that the configuration stops to nodes of the graph, which are shut down before the disks below
 * them by the tree's links from holders to members. Holders on a disk that needs the network are excluded: they would
 * be stopped after the network, and could not write their dirty data.
 */
final class HolderNodes {
    private final Config config;
    private final DeviceTree tree;
    private final Storage storage;
    /** The paths of the holders on a disk that needs the network. */
    private final Set<String> overNetwork;

    private HolderNodes(Config config, DeviceTree tree, DriveTypes types) {
        this.config = config;
        this.tree = tree;
        this.storage = new Storage(tree);
        this.overNetwork = overNetwork(types);
    }

    /** Returns the tree with these holders as devices with a driver, {@code md}, {@code dm} or {@code bcache}. */
    static DeviceTree in(DeviceTree tree, Config config, DriveTypes types) {
        boolean none = config.mode() == Mode.OFF
                || config.release().stream().allMatch(HolderKind.ZFS::equals)
                || tree.devices().stream().noneMatch(device -> isWanted(device, config));
        return none ? tree : new HolderNodes(config, tree, types).tree();
    }

    private static boolean isWanted(Device device, Config config) {
        return HolderKind.of(device)
                .filter(kind -> config.release().contains(kind)
                        && !config.settingsFor(kind.word(), List.of(device.name()))
                                .shutdown()
                                .equals(Optional.of(Settings.Shutdown.KERNEL)))
                .isPresent();
    }

    private Set<String> overNetwork(DriveTypes types) {
        Set<String> reached = new HashSet<>();
        for (Device device : tree.devices()) {
            if (types.needsNetwork(device)) {
                storage.disksOf(device).forEach(disk -> reached.add(disk.path()));
            }
        }
        boolean grows = !reached.isEmpty();
        while (grows) {
            grows = false;
            for (DeviceLink link : tree.links()) {
                grows |= isBelow(link.supplier(), reached) && reached.add(link.consumer());
            }
        }
        return reached;
    }

    /** Returns whether a path is in a set, or is that of a partition of a disk in the set. */
    private static boolean isBelow(String path, Set<String> others) {
        return others.contains(path) || others.contains(path.substring(0, path.lastIndexOf('/')));
    }

    private DeviceTree tree() {
        Map<String, List<DeviceLink>> members =
                tree.links().stream().collect(Collectors.groupingBy(DeviceLink::consumer));
        List<Device> devices = tree.devices().stream()
                .map(device -> isWanted(device, config) && !overNetwork.contains(device.path())
                        ? node(device, members.getOrDefault(device.path(), List.of()))
                        : device)
                .toList();
        return DeviceTree.of(devices, links());
    }

    private static Device node(Device device, List<DeviceLink> members) {
        Map<String, String> attributes = new HashMap<>(device.attributes());
        attributes.put(
                Holders.MEMBERS,
                members.stream().map(DeviceLink::supplier).distinct().collect(Collectors.joining(" ")));
        return new Device(
                device.path(),
                device.subsystem(),
                device.onBus(),
                HolderKind.of(device).map(HolderKind::word),
                attributes);
    }

    /**
     * Returns the links. Under native NVMe multipath a holder is on the head disk, but the controllers are above the
     * hidden paths.
     */
    private Set<DeviceLink> links() {
        Map<String, List<Device>> paths = new HashMap<>();
        for (Device disk : storage.countingDisks()) {
            storage.headOf(disk)
                    .ifPresent(head -> paths.computeIfAbsent(head.path(), path -> new ArrayList<>())
                            .add(disk));
        }
        Set<DeviceLink> links = new LinkedHashSet<>(tree.links());
        for (DeviceLink link : tree.links()) {
            paths.forEach((head, hidden) -> {
                if ((link.supplier() + "/").startsWith(head + "/")) {
                    hidden.forEach(
                            path -> links.add(new DeviceLink(path.path(), link.consumer(), false, link.status())));
                }
            });
        }
        return links;
    }
}
