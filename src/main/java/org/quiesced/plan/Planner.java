// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.quiesced.config.Config;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.method.Methods;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.method.Target;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Disposition.Lane;
import org.quiesced.plan.Disposition.LeftToKernel;

/** Decides what becomes of each device. Touches none: it only asks who uses a disk. */
public final class Planner {
    private final Config config;
    private final BlockClaims claims;
    private final boolean foresees;

    private Planner(Config config, BlockClaims claims, boolean foresees) {
        this.config = config;
        this.claims = claims;
        this.foresees = foresees;
    }

    /** Makes a planner of what can be done at this moment: it leaves each device to the kernel that is in use. */
    public Planner(Config config, BlockClaims claims) {
        this(config, claims, false);
    }

    /**
     * Makes a planner of what will be done at a shutdown: a disk whose user lets go of it by then is taken for free. It claims a disk whose
     * user does not show, to learn whether there is one.
     */
    public static Planner foreseeing(Config config, BlockClaims claims) {
        return new Planner(config, claims, true);
    }

    /**
     * Makes a planner that foresees as well, but opens no disk. To claim a disk on a running system, be it for a moment, can make a mount of it
     * fail, so a daemon must not do that time and again.
     */
    public static Planner byLooking(Config config, BlockClaims claims) {
        return foreseeing(config, new Looking(claims));
    }

    /**
     * Makes a planner that takes all disks for free: for a plan that is made long before it is carried out. The run finds out who is in use,
     * for no device is touched without its claim, and leaves such a device to the kernel with all that it depends on.
     */
    public static Planner ahead(Config config) {
        return new Planner(config, new Looking.Away());
    }

    /** Plans the shutdown of all devices of a tree. */
    public Plan plan(DeviceTree tree) {
        DependencyGraph graph = new DependencyGraph(tree);
        Storage storage = new Storage(tree);
        Disposition[] dispositions = new Disposition[tree.size()];
        boolean[] blocked = new boolean[tree.size()];
        List<String> warnings = new ArrayList<>();
        for (int[] circle : Circles.of(graph)) {
            List<Device> members = Arrays.stream(circle).mapToObj(tree::get).toList();
            Reason reason = new Reason.Circular(members);
            for (int member : circle) {
                dispositions[member] = new LeftToKernel(reason);
                blocked[member] = true;
            }
            warnings.add("These devices depend on each other in a circle and are left to the kernel: "
                    + members.stream().map(Device::path).collect(Collectors.joining(", ")));
        }
        for (int i = 0; i < dispositions.length; i++) {
            if (dispositions[i] == null) {
                dispositions[i] = decide(tree.get(i), storage);
                blocked[i] = dispositions[i] instanceof LeftToKernel;
            }
        }
        holdBack(tree, graph, dispositions, blocked);
        for (int i = 0; i < dispositions.length; i++) {
            if (tree.get(i).driver().isEmpty()) {
                dispositions[i] = new Disposition.NoDriver();
            }
        }
        return new Plan(tree, graph, List.of(dispositions), warnings);
    }

    private Disposition decide(Device device, Storage storage) {
        if (device.driver().isEmpty()) {
            return new Disposition.NoDriver();
        }
        if (config.mode() == Mode.OFF) {
            return new LeftToKernel(new Reason.Off());
        }
        String driver = device.driver().get();
        Settings settings = settings(device, driver, storage);
        Optional<ShutdownMethod> method = Methods.of(device, settings);
        if (settings.shutdown().equals(Optional.of(Settings.Shutdown.KERNEL))) {
            return new LeftToKernel(new Reason.OptedOut());
        }
        if (method.isEmpty()) {
            return new LeftToKernel(new Reason.NoMethod(driver));
        }
        List<Device> disks = storage.disksOf(device);
        List<DiskUse> uses = disks.stream()
                .flatMap(disk -> DiskUse.of(disk, claims).stream())
                .toList();
        Optional<DiskUse> obstacle =
                uses.stream().filter(use -> !foresees || use.user().stays()).findFirst();
        if (obstacle.isPresent()) {
            return new LeftToKernel(obstacle.get().reason());
        }
        Optional<Device> classDevice = method.get().controlClass().flatMap(name -> storage.firstBelow(device, name));
        return new Handled(lane(settings), method.get(), new Target(device, disks, classDevice, settings), uses);
    }

    private Settings settings(Device device, String driver, Storage storage) {
        if (config.devices().isEmpty()) {
            return config.settingsFor(driver, List.of());
        }
        return config.settingsFor(
                driver,
                Stream.concat(Stream.of(device.name()), storage.namesBelow(device).stream())
                        .toList());
    }

    private Lane lane(Settings settings) {
        return settings.shutdown()
                .map(shutdown -> shutdown == Settings.Shutdown.PARALLEL ? Lane.PARALLEL : Lane.SERIAL)
                .orElse(config.mode() == Mode.ON ? Lane.PARALLEL : Lane.SERIAL);
    }

    /** Leaves to the kernel whatever a device depends on that is left to it. */
    private static void holdBack(
            DeviceTree tree, DependencyGraph graph, Disposition[] dispositions, boolean[] blocked) {
        ArrayDeque<int[]> open = new ArrayDeque<>();
        for (int i = 0; i < blocked.length; i++) {
            if (blocked[i]) {
                open.add(new int[] {i, i});
            }
        }
        while (!open.isEmpty()) {
            int[] entry = open.remove();
            for (int needed : graph.needs(entry[0])) {
                if (!blocked[needed]) {
                    blocked[needed] = true;
                    dispositions[needed] = new LeftToKernel(new Reason.HeldBack(tree.get(entry[1])));
                    open.add(new int[] {needed, entry[1]});
                }
            }
        }
    }
}
