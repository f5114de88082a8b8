// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.quiesced.kernel.DiskUser;

/** The built-in machines. */
public final class BuiltInMachines {
    private static final String ROOT = "/devices/pci0000:00";

    private static final Map<String, Supplier<Machine>> MACHINES = new LinkedHashMap<>();

    static {
        MACHINES.put("nvme-24", BuiltInMachines::nvme24);
        MACHINES.put("sas-60", BuiltInMachines::sas60);
        MACHINES.put("cloud-2", () -> directNvme("cloud-2", 2, Duration.ofMillis(110)));
        MACHINES.put("nvme-150", () -> directNvme("nvme-150", 150, Duration.ofMillis(4_400)));
    }

    private BuiltInMachines() {}

    /** Returns the names of all machines. */
    public static List<String> names() {
        return List.copyOf(MACHINES.keySet());
    }

    /** Returns the machine with a name. */
    public static Optional<Machine> byName(String name) {
        return Optional.ofNullable(MACHINES.get(name)).map(Supplier::get);
    }

    /** 24 data drives behind two PCIe switches, and two boot drives in use. */
    private static Machine nvme24() {
        MachineBuilder builder = new MachineBuilder("nvme-24");
        for (int side = 0; side < 2; side++) {
            String port = builder.device(ROOT, "0000:00:0" + (1 + side) + ".0", "pci", "pcieport");
            String upstream = builder.device(port, address(0x10 + 0x40 * side, 0), "pci", "pcieport");
            for (int slot = 0; slot < 12; slot++) {
                String downstream = builder.device(upstream, address(0x11 + 0x40 * side, slot), "pci", "pcieport");
                builder.nvme(downstream, address(0x12 + 0x40 * side + slot, 0), Duration.ofMillis(4_500));
            }
        }
        for (int boot = 0; boot < 2; boot++) {
            String port = builder.device(ROOT, "0000:00:1c." + boot, "pci", "pcieport");
            String drive = builder.nvme(port, address(0xa0 + boot, 0), Duration.ofMillis(110));
            builder.inUse(drive, new DiskUser("held by md0, mounted on /", DiskUser.Release.EXITRD));
        }
        return builder.build();
    }

    /** 60 disks behind two host adapters. */
    private static Machine sas60() {
        MachineBuilder builder = new MachineBuilder("sas-60");
        for (int host = 0; host < 2; host++) {
            String port = builder.device(ROOT, "0000:00:0" + (1 + host) + ".0", "pci", "pcieport");
            String adapter = builder.device(port, address(0x10 + 0x10 * host, 0), "pci", "mpt3sas");
            String scsiHost = builder.device(adapter, "host" + host, "scsi", "");
            for (int target = 0; target < 30; target++) {
                builder.scsiDisk(scsiHost, host + ":0:" + target + ":0", Duration.ofSeconds(6));
            }
        }
        return builder.build();
    }

    /** Drives that each have their own root port. */
    private static Machine directNvme(String name, int count, Duration latency) {
        MachineBuilder builder = new MachineBuilder(name);
        for (int i = 0; i < count; i++) {
            String domain = String.format("%04x", i / 32);
            String port = builder.device(
                    "/devices/pci" + domain + ":00", String.format("%s:00:%02x.0", domain, i % 32), "pci", "pcieport");
            builder.nvme(port, String.format("%s:%02x:00.0", domain, 1 + i % 32), latency);
        }
        return builder.build();
    }

    private static String address(int bus, int slot) {
        return String.format("0000:%02x:%02x.0", bus, slot);
    }
}
