// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quiesced.report.Table;

/** Formats lists of shutdowns as text. */
public final class HistoryText {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private HistoryText() {}

    /** Returns the time of a shutdown request in the format of systemd's tools. */
    public static String date(ShutdownRecord record, ZoneId zone) {
        return date(record.asked(), zone);
    }

    /**
     * Returns a time in the format of systemd's tools.
     *
     * @param time in seconds since the epoch
     */
    public static String date(double time, ZoneId zone) {
        return DATE.format(Instant.ofEpochMilli(Math.round(time * 1e3)).atZone(zone));
    }

    /** Returns a table with a row for each shutdown. */
    public static List<String> lines(List<RecordFiles.Kept> records, ZoneId zone) {
        Table table = new Table(Set.of(0, 3, 4, 5), "NO", "REQUESTED", "VERB", "TOOK", "DRIVES", "SAVED", "RECORD");
        for (RecordFiles.Kept kept : records) {
            ShutdownRecord record = kept.record();
            List<DeviceRecord> drives = RecordText.drives(record);
            long down = RecordText.downCount(record);
            table.row(
                    String.valueOf(kept.number()),
                    date(record, zone),
                    record.verb(),
                    Phases.of(record).took().map(RecordText::seconds).orElse("-"),
                    down + "/" + drives.size(),
                    Savings.of(record)
                            .filter(saved -> saved > 0)
                            .map(RecordText::seconds)
                            .orElse("-"),
                    record.isComplete() ? "complete" : "its end is missing");
        }
        return table.isEmpty() ? List.of("No shutdown has been recorded yet.") : table.lines();
    }

    /** Returns a table of the devices whose times are known in both shutdowns, the largest slowdown first. */
    public static List<String> difference(RecordFiles.Kept one, RecordFiles.Kept other) {
        Map<String, DeviceRecord> before = new HashMap<>();
        one.record().devices().forEach(device -> before.put(device.path(), device));
        record Change(DeviceRecord device, double from, double to) {}
        List<Change> changes = new ArrayList<>();
        for (DeviceRecord device : other.record().devices()) {
            Optional<Double> from =
                    Optional.ofNullable(before.get(device.path())).flatMap(DeviceRecord::took);
            if (from.isPresent() && device.took().isPresent()) {
                changes.add(new Change(device, from.get(), device.took().get()));
            }
        }
        changes.sort(Comparator.comparingDouble((Change change) -> change.from() - change.to()));
        Table table =
                new Table(Set.of(0, 1, 2), "CHANGE", "IN " + one.number(), "IN " + other.number(), "DEVICE", "DRIVER");
        changes.forEach(change -> table.row(
                (change.to() < change.from() ? "-" : "+") + RecordText.seconds(Math.abs(change.to() - change.from())),
                RecordText.seconds(change.from()),
                RecordText.seconds(change.to()),
                change.device().label(),
                change.device().driver()));
        return table.isEmpty() ? List.of("No device has a known time in both shutdowns.") : table.lines();
    }
}
