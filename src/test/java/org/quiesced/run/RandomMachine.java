// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.simulated.Copies;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;

/** Random machines, more varied than real ones: any tree, any links, drivers of all dispositions, devices that fail. */
public final class RandomMachine {
    /**
     * Configuration of the drivers of these machines: {@code par} parallel, {@code ser} serial, {@code ker} left to the
     * kernel.
     */
    public static final Config CONFIG = config(Settings.Shutdown.SERIAL);

    /** Configuration that opts in {@code par} and {@code ser} in parallel, and leaves {@code ker} to the kernel. */
    public static final Config ALL_PARALLEL = config(Settings.Shutdown.PARALLEL);

    private static final List<Fault> FAULTS =
            List.of(Fault.UNBIND_FAILS, Fault.UNBIND_FAILS, Fault.VANISHES, Fault.HANGS);

    private RandomMachine() {}

    private static Config config(Settings.Shutdown second) {
        return Configs.config(
                Mode.SAFE, Map.of("par", unbind(Settings.Shutdown.PARALLEL), "ser", unbind(second)), Map.of());
    }

    private static Settings unbind(Settings.Shutdown shutdown) {
        return Configs.settings(shutdown, Settings.Method.UNBIND);
    }

    /** What a machine may contain. */
    public record Traits(boolean kernelDrivers, boolean faults, boolean cycles) {}

    /** Creates a machine of a number of devices. Equal arguments give equal machines. */
    public static Machine of(long seed, int size, Traits traits) {
        Random random = new Random(seed);
        MachineBuilder builder = new MachineBuilder("random-" + seed);
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            // Mostly broad, as real machines are; occasionally a chain.
            String parent = paths.isEmpty() || random.nextInt(4) == 0
                    ? "/devices"
                    : paths.get(
                            random.nextBoolean()
                                    ? random.nextInt(paths.size())
                                    : Math.max(0, paths.size() - 1 - random.nextInt(3)));
            // A device's path contains those of its parents, so deep trees would make it megabytes long.
            if (parent.length() > 150) {
                parent = "/devices";
            }
            String path = builder.device(parent, "d" + i, "bus" + i % 3, driver(random, traits));
            paths.add(path);
            if (random.nextInt(3) > 0) {
                builder.latency(path, Duration.ofMillis(random.nextInt(5_000)));
            }
            if (traits.faults() && random.nextInt(12) == 0) {
                builder.fault(path, FAULTS.get(random.nextInt(FAULTS.size())));
            }
        }
        for (int i = 0; i < size / 3; i++) {
            link(random, builder, paths, traits.cycles());
        }
        return builder.build();
    }

    /** Returns a machine whose buses have other names. */
    public static Machine onBuses(Machine machine, List<String> names) {
        List<Device> devices = machine.tree().devices().stream()
                .map(device -> new Device(
                        device.path(),
                        names.get(Integer.parseInt(device.subsystem().substring("bus".length()))),
                        device.onBus(),
                        device.driver(),
                        device.attributes()))
                .toList();
        return Copies.withTree(machine, DeviceTree.of(devices, machine.tree().links()));
    }

    private static String driver(Random random, Traits traits) {
        int dice = random.nextInt(20);
        if (traits.kernelDrivers() && dice == 0) {
            return "ker";
        }
        return dice < 4 ? "" : dice < 8 ? "ser" : "par";
    }

    /** Adds a link. Without cycles, the consumer is a later device than the supplier, so never an ancestor of it. */
    private static void link(Random random, MachineBuilder builder, List<String> paths, boolean cycles) {
        int a = random.nextInt(paths.size());
        int b = random.nextInt(paths.size());
        if (a == b) {
            return;
        }
        int consumer = cycles ? a : Math.max(a, b);
        int supplier = cycles ? b : Math.min(a, b);
        builder.link(paths.get(consumer), paths.get(supplier), random.nextInt(5) == 0);
    }
}
