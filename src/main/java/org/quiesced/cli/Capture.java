// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quiesced.config.Config;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.host.linux.LinuxHost;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.TreeAttributes;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.kernel.WalkMode;
import org.quiesced.kernel.linux.LinuxKernel;
import org.quiesced.kernel.linux.SysfsTree;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.method.DriveTypes;
import org.quiesced.plan.DiskUse;
import org.quiesced.plan.Planner;

/** Converts a real machine to a machine description. */
final class Capture {
    private Capture() {}

    static Machine ofThisMachine(boolean askDrives) throws IOException {
        LiveMachine live = LiveMachine.asRoot("capture", "only root may ask the kernel who uses a disk");
        DeviceTree tree = read(Path.of("/sys"));
        BlockClaims claims = live.kernel().claims();
        DriveFacts facts = askDrives
                ? DriveFacts.ask(Planner.foreseeing(Config.DEFAULT, claims).plan(tree), live.kernel())
                : DriveFacts.NONE;
        List<Device> devices = tree.devices().stream().map(facts::addTo).toList();
        return new Machine(
                "captured",
                LinuxHost.kernelRelease(),
                DeviceTree.of(devices, tree.links()),
                uses(tree, claims),
                Map.of(),
                facts.latencies(),
                Map.of(),
                parameters(live.kernel().drivers()));
    }

    static Machine ofCopy(Path sys) throws IOException {
        Drivers drivers =
                LinuxKernel.onFiles(sys, sys, sys, sys, TreeAttributes.NONE).drivers();
        return new Machine(
                "captured", "unknown", read(sys), Map.of(), Map.of(), Map.of(), Map.of(), parameters(drivers));
    }

    /** Returns only the parameter that selects the kernel's walk mode. */
    private static Map<String, String> parameters(Drivers drivers) {
        return WalkMode.shown(drivers)
                .map(value -> Map.of(WalkMode.PARAMETER, value))
                .orElse(Map.of());
    }

    private static DeviceTree read(Path sys) throws IOException {
        return new SysfsTree(sys, DriveTypes.SUPPORTED.capturedAttributes()).read();
    }

    private static Map<String, DiskUser> uses(DeviceTree tree, BlockClaims claims) {
        Storage storage = new Storage(tree);
        Set<Device> disks = new LinkedHashSet<>();
        tree.devices().stream()
                .filter(device -> device.driver().isPresent())
                .forEach(device -> disks.addAll(storage.disksOf(device)));
        VisibleUsers users = claims.visibleUsers();
        Map<String, DiskUser> uses = new HashMap<>();
        for (Device disk : disks) {
            List<Device> partitions = storage.partitionsOf(disk);
            DiskUse.of(disk, partitions, claims, users)
                    .ifPresent(use -> uses.putAll(byPart(disk, partitions, use.user(), users)));
        }
        return uses;
    }

    /** Assigns users to the disk and its partitions. A user that matches neither is assigned to the whole disk. */
    private static Map<String, DiskUser> byPart(
            Device disk, List<Device> partitions, DiskUser user, VisibleUsers users) {
        Map<String, DiskUser> uses = new HashMap<>();
        users.ownOf(disk).ifPresent(own -> uses.put(disk.path(), own));
        partitions.forEach(part -> users.ownOf(part).ifPresent(own -> uses.put(part.path(), own)));
        return uses.isEmpty() ? Map.of(disk.path(), user) : uses;
    }
}
