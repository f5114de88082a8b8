// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
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

    /** Returns a table of the differences of two shutdowns: of the whole, its parts, and the devices. */
    public static List<String> lines(Difference difference) {
        Table table = new Table(
                Set.of(0, 1, 2),
                "CHANGE",
                heading(difference.one()),
                heading(difference.other()),
                "PART OR DEVICE",
                "DRIVER");
        for (Difference.Part part : difference.parts()) {
            table.row(change(part.change()), seconds(part.from()), seconds(part.to()), part.name(), "");
        }
        for (Difference.Changed device : difference.devices()) {
            table.row(
                    change(device.change()),
                    seconds(device.from()),
                    seconds(device.to()),
                    device.label(),
                    device.driver());
        }
        return table.isEmpty() ? List.of("No part and no device has a known time in both shutdowns.") : table.lines();
    }

    private static String heading(Difference.Shutdown shutdown) {
        return "IN " + (shutdown.number() == 0 ? Path.of(shutdown.file()).getFileName() : shutdown.number());
    }

    private static String change(double change) {
        return (change < 0 ? "-" : "+") + seconds(Math.abs(change));
    }

    private static String seconds(double seconds) {
        return RecordText.seconds(seconds);
    }
}
