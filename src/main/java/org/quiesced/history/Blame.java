// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.quiesced.report.Cell;
import org.quiesced.report.Column;
import org.quiesced.report.Page;
import org.quiesced.report.Style;
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
    public static Page page(ShutdownRecord record) {
        Table table = new Table(
                Column.number("TIME"),
                Column.number("FLUSH"),
                Column.number("CHECK"),
                Column.number("REMOVAL"),
                Column.number("STOP"),
                Column.name("DEVICE"),
                Column.word("DRIVER").leftOut(1),
                Column.text("OUTCOME", 5));
        WalkLog.devicesOf(record).stream()
                .flatMap(device -> Row.of(device, record).stream())
                .sorted(Comparator.comparingDouble(row -> -row.time()))
                .forEach(row -> table.row(List.of(
                        Cell.of(RecordText.seconds(row.time())),
                        between(row.device().start(), row.device().flushed()),
                        between(
                                row.device().flushed().or(row.device()::start),
                                row.device().removal()),
                        between(row.device().removal(), row.device().stop().or(row.device()::end)),
                        between(row.device().stop(), row.device().end()),
                        Cell.of(row.device().label()),
                        Cell.of(row.device().driver()),
                        new Cell(outcome(row), style(row.device())))));
        return table.isEmpty() ? Page.of("No device is known to have been shut down.") : Page.of(table);
    }

    private static Cell between(Optional<Double> from, Optional<Double> to) {
        return Cell.of(from.flatMap(start -> to.map(end -> RecordText.seconds(Math.max(0, end - start))))
                .orElse("-"));
    }

    private static Style style(DeviceRecord device) {
        Style style = RecordText.style(device);
        return style == Style.PLAIN && device.slowness().isPresent() ? Style.WARNING : style;
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
