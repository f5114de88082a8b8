// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.quiesced.report.Table;

/** Lists the devices of a shutdown by their shutdown time, the longest first. */
public final class Blame {
    /** Minimum time of a device in the kernel's walk that is listed, in seconds. */
    private static final double SHORTEST = 0.001;

    private Blame() {}

    /**
     * Returns a table with the time of each device, and of its parts: claim and flush; the last check of its users; the
     * removal of its driver or its notification; its stop. Devices that the kernel's own walk shut down have their time
     * in that walk.
     */
    public static List<String> lines(ShutdownRecord record) {
        Table table = new Table(
                Set.of(0, 1, 2, 3, 4), "TIME", "FLUSH", "CHECK", "REMOVAL", "STOP", "DEVICE", "DRIVER", "OUTCOME");
        WalkLog.devicesOf(record).stream()
                .flatMap(device -> Row.of(device, record).stream())
                .sorted(Comparator.comparingDouble(row -> -row.time()))
                .forEach(row -> table.row(
                        RecordText.seconds(row.time()),
                        between(row.device().start(), row.device().flushed()),
                        between(
                                row.device().flushed().or(row.device()::start),
                                row.device().removal()),
                        between(row.device().removal(), row.device().stop().or(row.device()::end)),
                        between(row.device().stop(), row.device().end()),
                        row.device().label(),
                        row.device().driver(),
                        outcome(row)));
        return table.isEmpty() ? List.of("No device is known to have been shut down.") : table.lines();
    }

    private static String between(Optional<Double> from, Optional<Double> to) {
        return from.flatMap(start -> to.map(end -> RecordText.seconds(Math.max(0, end - start))))
                .orElse("-");
    }

    private static String outcome(Row row) {
        DeviceRecord device = row.device();
        if (row.isWalked()) {
            return "the kernel's walk" + device.why().map(why -> ": " + why).orElse("");
        }
        return device.why().orElse(device.outcome().word())
                + RecordText.slowness(device).map(words -> ": " + words).orElse("");
    }

    /**
     * A device and its shutdown time, in seconds.
     *
     * @param isWalked whether the kernel's walk shut it down
     */
    private record Row(DeviceRecord device, double time, boolean isWalked) {
        static Optional<Row> of(DeviceRecord device, ShutdownRecord record) {
            return device.took()
                    .map(time -> new Row(device, time, false))
                    .or(() -> device.tookInWalk(record)
                            .filter(time -> time >= SHORTEST)
                            .map(time -> new Row(device, time, true)));
        }
    }
}
