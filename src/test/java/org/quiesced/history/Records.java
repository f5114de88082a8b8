// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quiesced.report.Outcome;

/** Creates records for tests. */
public final class Records {
    public static final String BOOT = "0c2f6e1e-51a5-4c6f-9d0e-7d5c7d6a2b11";

    private Records() {}

    /** Returns the record of a planned shutdown of two drives and a third one that is left to the kernel. */
    public static ShutdownRecord planned() {
        return planned(
                "serial",
                List.of(
                        device("0000:03:00.0", "nvme0", Outcome.UNKNOWN),
                        device("0000:04:00.0", "nvme1", Outcome.UNKNOWN),
                        device("0000:05:00.0", "nvme2", Outcome.KERNEL)));
    }

    /** Returns the record of a planned shutdown of other devices, on a kernel with the given mode of its own walk. */
    static ShutdownRecord planned(String kernelWalk, List<DeviceRecord> devices) {
        return new ShutdownRecord(
                ShutdownRecord.FORMAT,
                BOOT,
                "0.1.0",
                "6.1.0-50-amd64",
                "reboot",
                1_795_000_000.25,
                4_321.5,
                kernelWalk,
                9.0,
                Optional.empty(),
                Map.of(Mark.ASKED, 0.0),
                devices,
                Optional.empty(),
                Optional.empty());
    }

    /** Returns the record of an ended shutdown, in which the first two drives took the given times, in seconds. */
    public static ShutdownRecord ended(double first, double second) {
        return planned()
                .with(
                        Map.of(Mark.FINAL, 1.5, Mark.LATE, 2.0, Mark.END, 2 + Math.max(first, second)),
                        List.of(down("0000:03:00.0", 2, 2 + first), down("0000:04:00.0", 2, 2 + second)),
                        Optional.of("pstore"));
    }

    static DeviceRecord device(String name, String alias, Outcome outcome) {
        return device(name, name + " (" + alias + ")", "nvme", outcome, List.of());
    }

    /** Returns a SCSI disk. */
    static DeviceRecord sd(String name, String alias, Outcome outcome) {
        return device(name, name + " (" + alias + ")", "sd", outcome, List.of());
    }

    /** Returns an NVMe drive that waits for its dependents. */
    static DeviceRecord waitingFor(String name, String label, List<String> dependents) {
        return device(name, label, "nvme", Outcome.UNKNOWN, dependents);
    }

    private static DeviceRecord device(
            String name, String label, String driver, Outcome outcome, List<String> dependents) {
        boolean isLeft = outcome == Outcome.KERNEL;
        return new DeviceRecord(
                name,
                "/devices/pci0000:00/" + name,
                label,
                driver,
                Optional.empty(),
                Optional.empty(),
                isLeft ? "kernel" : "parallel",
                true,
                Optional.of(3.0),
                dependents,
                isLeft ? Optional.empty() : Optional.of("late"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                outcome,
                isLeft ? Optional.of("in_use") : Optional.empty(),
                isLeft ? Optional.of("in use, mounted on /") : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static Progressed down(String name, double start, double end) {
        return down(name, "parallel", start, Optional.empty(), end);
    }

    /** Returns the progress of a disk whose stop begins at the given time. */
    static Progressed stopped(String name, double start, double stop, double end) {
        return down(name, "parallel", start, Optional.of(stop), end);
    }

    /** Returns the progress of a device on the serial lane. */
    static Progressed serial(String name, double start, double end) {
        return down(name, "serial", start, Optional.empty(), end);
    }

    private static Progressed down(String name, String lane, double start, Optional<Double> stop, double end) {
        return new Progressed(
                name,
                Optional.of("late"),
                Optional.empty(),
                Optional.of(lane),
                Optional.of(start),
                Optional.of(start + 0.25),
                Optional.of(start + 0.5),
                stop,
                Optional.of(end),
                Outcome.DOWN,
                Optional.empty(),
                Optional.empty());
    }

    static Progressed left(String name, double at, String reason, String why) {
        return new Progressed(
                name,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(at),
                Outcome.KERNEL,
                Optional.of(reason),
                Optional.of(why));
    }

    /** Returns counters of a drive. */
    public static Counters counters(long powerCycles, long unsafeShutdowns) {
        return new Counters(BigInteger.valueOf(powerCycles), BigInteger.valueOf(unsafeShutdowns));
    }
}
