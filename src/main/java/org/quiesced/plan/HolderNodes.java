// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.ArrayList;
import java.util.HashMap;
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

/**
 * Makes nodes to be shut down of the holders that the configuration wants stopped: each goes down before the disks that
 * it stands on, by the links that the tree has from a holder to its members.
 */
final class HolderNodes {
    private final Config config;
    private final DeviceTree tree;

    private HolderNodes(Config config, DeviceTree tree) {
        this.config = config;
        this.tree = tree;
    }

    /** Returns the tree with these holders as devices that have a driver, {@code md}, {@code dm} or {@code bcache}. */
    static DeviceTree in(DeviceTree tree, Config config) {
        boolean none = config.mode() == Mode.OFF
                || config.release().stream().allMatch(HolderKind.ZFS::equals)
                || tree.devices().stream().noneMatch(device -> isWanted(device, config));
        return none ? tree : new HolderNodes(config, tree).tree();
    }

    private static boolean isWanted(Device device, Config config) {
        return HolderKind.of(device)
                .filter(kind -> config.release().contains(kind)
                        && !config.settingsFor(kind.word(), List.of(device.name()))
                                .shutdown()
                                .equals(Optional.of(Settings.Shutdown.KERNEL)))
                .isPresent();
    }

    private DeviceTree tree() {
        Map<String, List<DeviceLink>> members =
                tree.links().stream().collect(Collectors.groupingBy(DeviceLink::consumer));
        List<Device> devices = tree.devices().stream()
                .map(device -> isWanted(device, config)
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

    /** Under native NVMe multipath a holder stands on the head disk, and the controllers are above the hidden paths. */
    private Set<DeviceLink> links() {
        Storage storage = new Storage(tree);
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
