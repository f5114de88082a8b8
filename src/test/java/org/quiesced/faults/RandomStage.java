// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Phases;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.simulated.Copies;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/**
 * Creates random machines, more varied than real ones: bridges of all dispositions in any order, NVMe drives and SCSI
 * disks of all kinds below them, users, openers, links and cycles of links; and a configuration with rules for some of
 * the devices.
 */
final class RandomStage {
    static final List<Fault> FAULTS =
            Stream.of(Fault.values()).filter(fault -> fault != Fault.CUT_OFF).toList();

    private final long seed;
    private final Random random;
    /**
     * Decides on the method {@code unbind}. Separate, so that a seed gives the same machine as without this decision.
     */
    private final Random unbinding;

    /** Decides on drives without the kernel's driver. Separate for the same reason. */
    private final Random registers;
    /** Decides which SCSI disks are paths to the same disk. Separate for the same reason. */
    private final Random paths;

    private final List<String> scsiDisks = new ArrayList<>();
    private final MachineBuilder builder;
    private final List<String> bridges = new ArrayList<>(List.of("/devices/pci0000:00"));
    private final List<String> driven = new ArrayList<>();
    private final Map<String, Settings> rules = new LinkedHashMap<>();
    private final Map<String, String> lateDisks = new HashMap<>();
    private final Map<String, DiskUser> uses = new HashMap<>();
    private final Set<String> heads = new HashSet<>();
    private int disks;
    private int controllers;

    private RandomStage(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        this.unbinding = new Random(~seed);
        this.registers = new Random(seed + 1_000_003);
        this.paths = new Random(seed + 3_000_003);
        this.builder = new MachineBuilder("random-" + seed);
        random.nextInt();
    }

    static Stage of(long seed) {
        return new RandomStage(seed).make();
    }

    private boolean chance(int oneOf) {
        return random.nextInt(oneOf) == 0;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private Stage make() {
        int bridgeCount = 1 + random.nextInt(4);
        for (int i = 0; i < bridgeCount; i++) {
            String driver = any(List.of("", "", "par", "par", "ser", "ker", "par"));
            String bridge = builder.device(any(bridges), "b" + i, "pci", driver);
            bridges.add(bridge);
            if (!driver.isEmpty()) {
                driven.add(bridge);
                latency(bridge);
            }
        }
        int drives = 1 + random.nextInt(5);
        for (int i = 0; i < drives; i++) {
            if (random.nextBoolean()) {
                nvme(i);
            } else {
                scsi(i);
            }
        }
        join();
        if (registers.nextInt(3) == 0) {
            withoutDriver(registers.nextInt(3));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            String consumer = any(driven);
            String supplier = any(driven);
            if (!consumer.equals(supplier)) {
                builder.link(consumer, supplier, chance(5));
            }
        }
        new RandomFabrics(seed, builder, uses).add();
        Machine built = builder.build();
        Machine actual = Copies.withUses(built, uses);
        Machine planned = lateDisks.isEmpty() ? actual : without(actual);
        Mode mode = chance(25) ? Mode.OFF : chance(4) ? Mode.ON : Mode.SAFE;
        Map<String, Settings> drivers = Map.of(
                "par", Configs.settings(Settings.Shutdown.PARALLEL, Settings.Method.UNBIND),
                "ser", Configs.settings(Settings.Shutdown.SERIAL, Settings.Method.UNBIND),
                "nvme", Configs.settings(Settings.Shutdown.PARALLEL),
                "vfio-pci", Configs.settings(Settings.Shutdown.PARALLEL, Settings.Method.NVME_REGISTERS),
                "uio_pci_generic",
                        registers.nextBoolean() ? Configs.settings(Settings.Method.NVME_REGISTERS) : Settings.NONE,
                "nvme-tcp", Configs.settings(Settings.Shutdown.PARALLEL),
                "nvme-fc", Configs.settings(Settings.Shutdown.PARALLEL),
                "sd", Configs.settings(Settings.Shutdown.PARALLEL));
        Config config = Configs.config(mode, drivers, rules);
        return new Stage(planned, actual, config, !chance(4));
    }

    private void latency(String path) {
        // Mostly short; some exceed the time limit of a device, or the deadline.
        int dice = random.nextInt(12);
        builder.latency(
                path,
                dice == 0
                        ? Duration.ofSeconds(33 + random.nextInt(60))
                        : dice < 4 ? Duration.ZERO : Duration.ofMillis(random.nextInt(8_000)));
    }

    private void nvme(int number) {
        String path = builder.device(any(bridges), "0000:0" + number + ":00.0", "pci", "nvme");
        driven.add(path);
        int index = controllers++;
        String controller = path + "/nvme/nvme" + index;
        builder.classDevice(
                controller, "nvme", Map.of("state", chance(6) ? "resetting" : "live", "serial", "R" + index));
        boolean multipath = chance(4);
        for (int n = random.nextInt(5) == 0 ? 2 : 1; n > 0; n--) {
            if (multipath) {
                // Two consecutive controllers share a subsystem, so that some heads have two paths and some have one.
                int subsystem = 90 + index / 2;
                String head = "/devices/virtual/nvme-subsystem/nvme-subsys" + subsystem + "/nvme" + subsystem + "n" + n;
                builder.classDevice(
                        controller + "/nvme" + subsystem + "c" + index + "n" + n, "block", Map.of("size", "8"));
                if (heads.add(head)) {
                    disk(path, head);
                }
            } else {
                disk(path, controller + "/nvme" + index + "n" + n);
            }
        }
        common(path, controller);
        if (chance(8)) {
            builder.fault(path, Fault.UNCONFIRMED).latency(path, Duration.ofSeconds(5 + random.nextInt(3)));
        }
    }

    /** Adds an NVMe controller that is bound to VFIO or UIO and has no disks. */
    private void withoutDriver(int dice) {
        String path = builder.nvmeWithoutDriver(
                bridges.get(registers.nextInt(bridges.size())),
                "0000:0a:00.0",
                dice == 0 ? "uio_pci_generic" : "vfio-pci",
                Duration.ofMillis(registers.nextInt(8_000)));
        driven.add(path);
        if (registers.nextInt(6) == 0) {
            uses.put(path, new DiskUser("held", DiskUser.Release.NEVER));
        }
        if (registers.nextInt(4) == 0) {
            builder.fault(path, FAULTS.get(registers.nextInt(FAULTS.size())));
        }
    }

    /** Makes some SCSI disks paths to the same disk. */
    private void join() {
        for (String path : scsiDisks) {
            if (scsiDisks.size() > 1 && paths.nextInt(3) > 0) {
                builder.attribute(path, "wwid", "naa.5000c500a1b2c3d4");
                builder.attribute(path, "state", paths.nextInt(8) == 0 ? "transport-offline" : "running");
            }
        }
    }

    private void scsi(int number) {
        String address = "0:0:" + number + ":0";
        String target = builder.device(any(bridges), "target0:0:" + number, "scsi", "");
        String path = builder.device(target, address, "scsi", "sd");
        driven.add(path);
        scsiDisks.add(path);
        Map<String, String> attributes = new HashMap<>();
        attributes.put("cache_type", chance(3) ? "write through" : "write back");
        attributes.put("manage_start_stop", chance(3) ? "0" : "1");
        if (chance(3)) {
            attributes.put("manage_system_start_stop", chance(3) ? "0" : "1");
            attributes.put("manage_runtime_start_stop", chance(2) ? "0" : "1");
        }
        if (chance(6)) {
            attributes.put("manage_restart", chance(2) ? "0" : "1");
        }
        if (attributes.containsKey("manage_system_start_stop") && chance(2)) {
            attributes.put("manage_shutdown", chance(2) ? "0" : "1");
        }
        builder.classDevice(path + "/scsi_disk/" + address, "scsi_disk", attributes);
        disk(path, path + "/block/sd" + (char) ('a' + disks++));
        common(path, path);
    }

    private void disk(String carrier, String path) {
        builder.classDevice(path, "block", Map.of("size", "1953525168"));
        if (chance(8)) {
            builder.classDevice(path + "/p1", "block", Map.of("partition", "1"));
            if (chance(2)) {
                builder.open(path + "/p1", "a process has its partition open");
            }
        }
        if (chance(8)) {
            uses.put(path, new DiskUser("mounted on /srv", DiskUser.Release.NEVER));
        }
        if (chance(10)) {
            builder.open(path, "a process has it open");
        }
        if (chance(14)) {
            lateDisks.put(path + "x", carrier);
            builder.classDevice(path + "x", "block", Map.of());
            uses.put(path + "x", new DiskUser("mounted on /late", DiskUser.Release.NEVER));
        }
        if (chance(12)) {
            builder.fault(path, chance(2) ? Fault.MOUNTED_MEANWHILE : Fault.FIRST_FLUSH_FAILS);
        }
    }

    private void common(String path, String node) {
        latency(path);
        if (chance(15)) {
            builder.open(node, "a process has its character device open");
        }
        if (chance(10)) {
            builder.fault(path, any(FAULTS));
        }
        if (chance(3)) {
            rules.put(path.substring(path.lastIndexOf('/') + 1), rule());
        }
    }

    private Settings rule() {
        List<Object> said = new ArrayList<>();
        if (chance(2)) {
            said.add(any(List.of(Settings.Shutdown.SERIAL, Settings.Shutdown.SERIAL, Settings.Shutdown.KERNEL)));
        }
        if (chance(3)) {
            said.add(any(List.of(Settings.Flush.values())));
        }
        if (chance(3)) {
            said.add(any(List.of(Settings.Stop.values())));
        }
        if (unbinding.nextInt(4) == 0) {
            said.add(Settings.Method.UNBIND);
        }
        if (chance(3)) {
            said.add(new Settings.Timeout(Optional.of(Duration.ofSeconds(1 + random.nextInt(30)))));
        }
        if (chance(3)) {
            said.add(new Phases(Map.of(any(List.of(Verb.values())), Set.of(any(List.of(Phase.values()))))));
        }
        return Configs.settings(said.toArray());
    }

    /** Returns the machine without the disks that appear after planning. */
    private Machine without(Machine actual) {
        List<Device> devices = new ArrayList<>(actual.tree().devices());
        devices.removeIf(device -> lateDisks.containsKey(device.path()));
        return Copies.withTree(actual, DeviceTree.of(devices, actual.tree().links()));
    }
}
