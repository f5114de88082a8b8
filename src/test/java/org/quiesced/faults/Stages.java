// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Phases;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.Stack;
import org.quiesced.kernel.User;
import org.quiesced.kernel.simulated.BuiltInMachines;
import org.quiesced.kernel.simulated.Copies;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/**
 * The stages by name: {@code sas-60~4.parallel} is the built-in machine reduced to four of its drives, all of them
 * opted in; {@code sas-60~4.adapters} the same with its host adapters, which wait for the late phase; {@code
 * fabrics.parallel} a machine with fabrics controllers; {@code stack} a machine with holders; and {@code random-7} the
 * random machine of seed 7.
 */
final class Stages {
    private final Map<String, Stage> made = new HashMap<>();

    /** Returns the stage of a name, the same for each call. */
    Stage byName(String name) {
        return made.computeIfAbsent(name, Stages::make);
    }

    private static Stage make(String name) {
        if (name.startsWith("random-")) {
            return RandomStage.of(Long.parseLong(name.substring("random-".length())));
        }
        if (name.equals("fabrics.parallel")) {
            Machine machine = fabrics();
            return new Stage(machine, machine, config("parallel"), true);
        }
        if (name.equals("stack")) {
            return stack();
        }
        int tilde = name.indexOf('~');
        int dot = name.indexOf('.');
        Machine whole = BuiltInMachines.byName(name.substring(0, tilde)).orElseThrow();
        Machine machine = scaledDown(whole, Integer.parseInt(name.substring(tilde + 1, dot)));
        return new Stage(machine, machine, config(name.substring(dot + 1)), true);
    }

    /**
     * Returns a machine with a PCI drive, two connected TCP controllers, one of which was cut off a moment ago, and a
     * controller that is connecting.
     */
    private static Machine fabrics() {
        MachineBuilder builder = new MachineBuilder("fabrics");
        String port = builder.device("/devices/pci0000:00", "0000:00:01.0", "pci", "");
        builder.nvme(port, "0000:01:00.0", Duration.ofSeconds(1));
        builder.fabrics("tcp", Duration.ofMillis(20));
        builder.fault(builder.fabrics("tcp", Duration.ofMillis(20)), Fault.CUT_OFF);
        builder.attribute(builder.fabrics("rdma", Duration.ofSeconds(3)), "state", "connecting");
        return builder.build();
    }

    /** Returns a stage with a volume on an array over two drives, all of which may be stopped. */
    private static Stage stack() {
        MachineBuilder builder = new MachineBuilder("stack");
        String array = "/devices/virtual/block/md0";
        String volume = "/devices/virtual/block/dm-0";
        Stack held = new Stack(Set.of(HolderKind.MD, HolderKind.DM), Set.of(), DiskUser.Release.EARLY);
        for (int i = 0; i < 2; i++) {
            String port = builder.device("/devices/pci0000:00", "0000:00:0" + i + ".0", "pci", "pcieport");
            String drive = builder.nvme(port, "0000:0" + (1 + i) + ":00.0", Duration.ofSeconds(1));
            builder.inUse(
                    drive, new DiskUser(new User.Described("held by md0"), DiskUser.Release.LATE, Optional.of(held)));
            builder.link(array, drive + "/nvme/nvme" + i + "/nvme" + i + "n1", false);
        }
        builder.classDevice(array, "block", Map.of());
        builder.classDevice(volume, "block", Map.of());
        builder.link(volume, array, false);
        Machine machine = builder.build();
        Config none = config("parallel");
        Config config = new Config(
                none.mode(),
                none.deadline(),
                none.handover(),
                none.early(),
                none.root(),
                Set.of(HolderKind.MD, HolderKind.DM),
                none.lastResort(),
                none.limit(),
                none.group(),
                none.metrics(),
                none.drivers(),
                none.devices());
        return new Stage(machine, machine, config, true);
    }

    private static Config config(String word) {
        if (word.equals("adapters")) {
            Settings parallel = Configs.settings(Settings.Shutdown.PARALLEL);
            Phases late = new Phases(
                    Stream.of(Verb.values()).collect(Collectors.toMap(verb -> verb, verb -> Set.of(Phase.LATE))));
            Settings adapter = Configs.settings(Settings.Shutdown.PARALLEL, Settings.Method.UNBIND, late);
            return Configs.config(Mode.SAFE, new LinkedHashMap<>(Map.of("sd", parallel, "mpt3sas", adapter)), Map.of());
        }
        Settings lane = Configs.settings(Settings.Shutdown.valueOf(word.toUpperCase(Locale.ROOT)));
        return Configs.config(
                Mode.SAFE,
                new LinkedHashMap<>(Map.of("nvme", lane, "sd", lane, "nvme-tcp", lane, "nvme-rdma", lane)),
                Map.of());
    }

    /** Returns a machine with {@code count} of its drives, evenly distributed so that each branch keeps some. */
    private static Machine scaledDown(Machine machine, int count) {
        List<Device> drives = machine.tree().devices().stream()
                .filter(device -> machine.latencies().containsKey(device.path()))
                .toList();
        Set<String> dropped = new HashSet<>();
        for (int i = 0; i < drives.size(); i++) {
            boolean kept = count >= drives.size()
                    || i == drives.size() - 1 && count > 1
                    || i * (count - 1) / drives.size() != (i - 1) * (count - 1) / drives.size()
                    || i == 0;
            if (!kept) {
                dropped.add(drives.get(i).path());
            }
        }
        List<Device> devices = new ArrayList<>(machine.tree().devices());
        devices.removeIf(device -> dropped.stream()
                .anyMatch(path -> device.path().equals(path) || device.path().startsWith(path + "/")));
        return Copies.withTree(machine, DeviceTree.of(devices, machine.tree().links()));
    }
}
