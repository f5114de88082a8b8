// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.quiesced.report.Cell;
import org.quiesced.report.Column;
import org.quiesced.report.Outcome;
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
     * in that walk. A drive that was left to the kernel is listed, without a time, also if that is unknown.
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
        Set<DeviceRecord> left = Set.copyOf(RecordText.left(record));
        WalkLog.devicesOf(record).stream()
                .filter(device -> device.took().isPresent()
                        || left.contains(device)
                        || isNoticed(device, record)
                        || Untimed.isUntimed(record, device))
                .sorted(Comparator.comparingDouble(
                        device -> -device.tookIn(record).orElse(-1.0)))
                .forEach(device -> table.row(List.of(
                        Cell.of(device.tookIn(record)
                                .map(RecordText::seconds)
                                .orElse(Untimed.isUntimed(record, device) ? "unknown" : "-")),
                        between(device.start(), device.flushed()),
                        between(device.flushed().or(device::start), device.removal()),
                        between(device.removal(), device.stop().or(device::end)),
                        between(device.stop(), device.end()),
                        Cell.of(device.label()),
                        Cell.of(device.driver()),
                        new Cell(outcome(device, record), style(device, record)))));
        if (table.isEmpty()) {
            return Page.of("No device is known to have been shut down.");
        }
        Page page = Page.of(table);
        Untimed.sentence(record).ifPresent(sentence -> page.blank().line(sentence));
        return page;
    }

    private static Cell between(Optional<Double> from, Optional<Double> to) {
        return Cell.of(from.flatMap(start -> to.map(end -> RecordText.seconds(Math.max(0, end - start))))
                .orElse("-"));
    }

    /** Returns whether a device that is no drive took time in the kernel's walk. */
    private static boolean isNoticed(DeviceRecord device, ShutdownRecord record) {
        return device.tookInWalk(record).filter(time -> time >= SHORTEST).isPresent();
    }

    private static Style style(DeviceRecord device, ShutdownRecord record) {
        Style style = RecordText.style(device);
        return style == Style.PLAIN && device.slowness(record).isPresent() ? Style.WARNING : style;
    }

    private static String outcome(DeviceRecord device, ShutdownRecord record) {
        String slow =
                RecordText.slowness(device, record).map(words -> ": " + words).orElse("");
        if (device.outcome() == Outcome.KERNEL) {
            return (device.isWalkedBy(record) ? "the kernel's walk" : "left to the kernel")
                    + device.why().map(why -> ": " + why).orElse("")
                    + slow;
        }
        return device.why().orElse(device.outcome().word()) + slow;
    }
}
