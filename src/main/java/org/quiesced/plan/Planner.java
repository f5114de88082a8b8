// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.quiesced.config.Config;
import org.quiesced.config.Mode;
import org.quiesced.config.Root;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.WalkMode;
import org.quiesced.method.DriveTypes;
import org.quiesced.method.DriverBinding;
import org.quiesced.method.HolderMethod;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.method.Target;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Disposition.Lane;
import org.quiesced.plan.Disposition.LeftToKernel;

/**
 * Decides the disposition of each device. Changes nothing. Immutable; calls the kernel only for the users of disks, and
 * the state of their devices.
 */
public final class Planner {
    private final Config config;
    private final DiskObstacles obstacles;
    private final BiFunction<Device, String, Optional<String>> attributes;
    /** The last release that is no obstacle; if empty, each user is an obstacle. */
    private final Optional<Release> last;
    /** Why no exitrd releases the root drives, for their reason; empty if the caller adds it. */
    private final Optional<String> noExitrd;

    private final DriveTypes types;
    private final WalkMode walk;

    private Planner(
            Config config,
            DiskObstacles obstacles,
            BiFunction<Device, String, Optional<String>> attributes,
            Optional<Release> last,
            Optional<String> noExitrd,
            DriveTypes types,
            WalkMode walk) {
        this.config = config;
        this.obstacles = obstacles;
        this.attributes = attributes;
        this.last = last;
        this.noExitrd = noExitrd;
        this.types = types;
        this.walk = walk;
    }

    /**
     * Creates a planner for an immediate shutdown: a device in use is left to the kernel. A disk without a visible user
     * is claimed and released. The state of devices is that of the tree.
     */
    public Planner(Config config, BlockClaims claims) {
        this(
                config,
                new ClaimedDisks(claims),
                Device::attribute,
                Optional.empty(),
                Optional.empty(),
                DriveTypes.SUPPORTED,
                WalkMode.SERIAL);
    }

    /**
     * Creates a planner for a future shutdown: a disk counts as free if its user releases it during the shutdown. A
     * disk without a visible user is claimed and released. The state of devices is that of the tree. No exitrd is
     * assumed, because only the daemon knows whether there will be one.
     */
    public static Planner foreseeing(Config config, BlockClaims claims) {
        return new Planner(
                config,
                new ClaimedDisks(claims),
                Device::attribute,
                Optional.of(Release.LATE),
                Optional.of(config.root() == Root.NEVER ? RootDrives.NEVER : RootDrives.NOT_ASSUMED),
                DriveTypes.SUPPORTED,
                WalkMode.SERIAL);
    }

    /**
     * Creates a planner for a future shutdown that opens no disk: a disk without a visible user counts as free. For a
     * daemon, which plans repeatedly, because even a momentary claim can make a mount of the disk fail.
     *
     * @param attributes provides the present state of devices, because no event reports its changes
     * @param last the last release that is no obstacle
     */
    public static Planner byVisibleUsers(Config config, BlockClaims claims, Attributes attributes, Release last) {
        return new Planner(
                config,
                new VisiblyUsedDisks(claims),
                attributes::read,
                Optional.of(last),
                Optional.empty(),
                DriveTypes.SUPPORTED,
                WalkMode.SERIAL);
    }

    /**
     * Creates a planner that assumes that all disks are free and all devices work. For a plan that is made long before
     * its run, or that must cost no time: the run claims each disk and checks each device before it touches them, and
     * leaves those that fail to the kernel with all devices that they depend on.
     */
    public static Planner assumingFree(Config config) {
        return new Planner(
                config,
                new AssumedFreeDisks(),
                (device, name) -> Optional.empty(),
                Optional.of(Release.LATE),
                Optional.empty(),
                DriveTypes.SUPPORTED,
                WalkMode.SERIAL);
    }

    /** Returns a planner with other drive types than the supported ones. */
    public Planner withTypes(DriveTypes others) {
        return new Planner(config, obstacles, attributes, last, noExitrd, others, walk);
    }

    /**
     * Returns a planner for another walk mode of the kernel. Devices that are not opted in are left to a kernel that
     * shuts them down in parallel, because shutting them down one by one would take longer.
     */
    public Planner withWalk(WalkMode other) {
        return new Planner(config, obstacles, attributes, last, noExitrd, types, other);
    }

    /**
     * Plans the shutdown of all devices of a tree. The plan's own tree contains the holders that are to be stopped as
     * nodes.
     */
    public Plan plan(DeviceTree devices) {
        DeviceTree tree = HolderNodes.in(devices, config, types);
        Map<Integer, Integer> stoppingPaths = DiskPaths.stoppingPaths(tree, types);
        DependencyGraph graph = new DependencyGraph(tree).with(stoppingPaths);
        Storage storage = new Storage(tree);
        DiskObstacles.Scan scan = obstacles.scan();
        Disposition[] dispositions = new Disposition[tree.size()];
        boolean[] blocked = new boolean[tree.size()];
        List<Reason.Circular> cycles = new ArrayList<>();
        for (int[] cycle : Cycles.of(graph)) {
            List<Device> members = Arrays.stream(cycle).mapToObj(tree::get).toList();
            Reason.Circular reason = new Reason.Circular(members);
            for (int member : cycle) {
                dispositions[member] = concernsNobody(tree.get(member), storage)
                        ? new Disposition.NoDriver()
                        : new LeftToKernel(reason);
                blocked[member] = true;
            }
            cycles.add(reason);
        }
        for (int i = 0; i < dispositions.length; i++) {
            if (dispositions[i] == null) {
                dispositions[i] = decide(
                        tree.get(i), Optional.ofNullable(stoppingPaths.get(i)).map(tree::get), storage, scan);
                blocked[i] = dispositions[i] instanceof LeftToKernel;
            }
        }
        holdBack(tree, graph, dispositions, blocked);
        return new Plan(tree, types, graph, walk, List.of(dispositions), cycles);
    }

    /** Returns whether neither the kernel nor quiesced acts on a device. Such a device blocks no other. */
    private boolean concernsNobody(Device device, Storage storage) {
        return device.driver().isEmpty()
                && (config.mode() == Mode.OFF
                        || types.of(device).isEmpty()
                        || types.methodFor(device, settings(device, DriverBinding.NONE, storage))
                                .isEmpty());
    }

    private Disposition decide(Device device, Optional<Device> stoppingPath, Storage storage, DiskObstacles.Scan scan) {
        if (concernsNobody(device, storage)) {
            return new Disposition.NoDriver();
        }
        if (config.mode() == Mode.OFF) {
            return new LeftToKernel(new Reason.Off());
        }
        if (device.isHolder()) {
            return holder(device, storage, scan);
        }
        String driver = device.driver().orElse(DriverBinding.NONE);
        Settings settings = settings(device, driver, storage);
        Optional<ShutdownMethod> method = types.methodFor(device, settings);
        if (settings.shutdown().equals(Optional.of(Settings.Shutdown.KERNEL))) {
            return new LeftToKernel(new Reason.OptedOut());
        }
        if (method.isEmpty()) {
            return new LeftToKernel(types.missingMethod(device, settings)
                    .<Reason>map(missing -> new Reason.NotAsked(driver, missing))
                    .orElseGet(() -> new Reason.NoMethod(driver)));
        }
        boolean optedInByMethod = types.isOptedInByMethod(device, settings);
        boolean optedIn = settings.shutdown().isPresent() || config.mode() == Mode.ON || optedInByMethod;
        if (!optedIn && walk.isParallelFor(device)) {
            return new LeftToKernel(new Reason.KernelIsParallel());
        }
        Optional<Device> classDevice = method.get().controlClass().flatMap(name -> storage.firstBelow(device, name));
        Target target = Target.of(device, storage, classDevice, settings).stoppedBy(stoppingPath);
        Optional<Reason> unready = method.get().unready(target, attributes).map(Reason.NotReady::new);
        if (unready.isPresent()) {
            return new LeftToKernel(unready.get());
        }
        List<DiskUse> uses = target.disks().stream()
                .flatMap(disk -> scan.against(disk, target.partitionsOf(disk)).stream())
                // Holders on such a device could only be stopped after the network.
                .map(use -> method.get().needsNetwork() ? use : use.with(config.release()))
                .toList();
        return decide(target, method.get(), lane(settings, optedInByMethod), uses);
    }

    private Disposition decide(Target target, ShutdownMethod method, Lane lane, List<DiskUse> uses) {
        boolean needsNetwork = method.needsNetwork();
        List<DiskUse> staying =
                uses.stream().filter(use -> stays(use, needsNetwork)).toList();
        boolean isFreedByExitrd =
                !needsNetwork && staying.stream().allMatch(use -> use.user().release() == Release.EXITRD);
        return staying.stream()
                .findFirst()
                .<Disposition>map(use ->
                        new LeftToKernel(isFreedByExitrd ? RootDrives.explained(use.reason(), noExitrd) : use.reason()))
                .orElseGet(() -> new Handled(lane, method, target, uses));
    }

    private Disposition holder(Device device, Storage storage, DiskObstacles.Scan scan) {
        Settings settings = config.settingsFor(device.driver().orElseThrow(), List.of(device.name()));
        Target target = Target.of(device, storage, Optional.empty(), settings);
        List<DiskUse> uses = scan.against(device, storage.partitionsOf(device)).stream()
                .map(use -> use.with(config.release()))
                .toList();
        return decide(target, HolderMethod.STOP, Lane.PARALLEL, uses);
    }

    /**
     * Returns whether a use is an obstacle. A device that needs the network is shut down in the early phase or not at
     * all.
     */
    private boolean stays(DiskUse use, boolean needsNetwork) {
        return last.map(release -> needsNetwork ? Release.EARLY : release)
                .map(use.user()::staysAfter)
                .orElse(true);
    }

    private Settings settings(Device device, String driver, Storage storage) {
        if (config.devices().isEmpty()) {
            return config.settingsFor(driver, List.of());
        }
        return config.settingsFor(driver, storage.namesOf(device));
    }

    private Lane lane(Settings settings, boolean optedInByMethod) {
        return settings.shutdown()
                .map(shutdown -> shutdown == Settings.Shutdown.PARALLEL ? Lane.PARALLEL : Lane.SERIAL)
                .orElse(config.mode() == Mode.ON || optedInByMethod ? Lane.PARALLEL : Lane.SERIAL);
    }

    /** Leaves to the kernel all devices that the blocked devices depend on. */
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
                    if (!(dispositions[needed] instanceof Disposition.NoDriver)) {
                        dispositions[needed] = new LeftToKernel(new Reason.HeldBack(tree.get(entry[1])));
                    }
                    open.add(new int[] {needed, entry[1]});
                }
            }
        }
    }
}
