// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.quiesced.report.Cell;
import org.quiesced.report.Column;
import org.quiesced.report.Page;
import org.quiesced.report.Style;
import org.quiesced.report.Table;

/** Formats lists of shutdowns as text. */
public final class HistoryText {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    /** Length of the day at the beginning of a date, and an ellipsis. */
    private static final int DAY = 15;

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

    /**
     * Returns a table with a row for each shutdown, also for one whose record is damaged, and a line about the time
     * that all of them saved.
     */
    public static Page page(List<ListedShutdown> shutdowns, ZoneId zone) {
        Table table = new Table(
                Column.number("NO"),
                Column.text("REQUESTED", DAY),
                Column.word("VERB").leftOut(2),
                Column.number("TOOK"),
                Column.number("DRIVES"),
                Column.number("SAVED"),
                Column.text("RECORD", 8).leftOut(1));
        for (ListedShutdown listed : shutdowns) {
            table.row(
                    listed.record().map(record -> row(listed, record, zone)).orElseGet(() -> damaged(listed.number())));
        }
        return table.isEmpty()
                ? Page.of("No shutdown has been recorded yet.")
                : Page.of(table).line(ListedShutdown.sum(shutdowns, zone));
    }

    private static List<Cell> row(ListedShutdown listed, ShutdownRecord record, ZoneId zone) {
        List<DeviceRecord> drives = RecordText.drives(record);
        long down = RecordText.downCount(record);
        return List.of(
                Cell.of(String.valueOf(listed.number())),
                Cell.of(date(record, zone)),
                Cell.of(record.verb()),
                Cell.of(listed.took().map(RecordText::seconds).orElse("-")),
                Cell.of(down + "/" + drives.size()),
                Cell.of(listed.saved().map(RecordText::seconds).orElse("-")),
                record.isComplete() ? Cell.of("complete") : new Cell("no end", Style.WARNING));
    }

    private static List<Cell> damaged(int number) {
        Cell unknown = Cell.of("-");
        return List.of(
                Cell.of(String.valueOf(number)),
                unknown,
                unknown,
                unknown,
                unknown,
                unknown,
                new Cell("damaged", Style.BAD));
    }

    /** Returns a table of the differences of two shutdowns: of the whole, its parts, and the devices. */
    public static Page page(Difference difference) {
        Table table = new Table(
                Column.number("CHANGE"),
                Column.number(heading(difference.one())),
                Column.number(heading(difference.other())),
                Column.name("PART OR DEVICE"),
                Column.word("DRIVER").leftOut(1));
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
        return table.isEmpty() ? Page.of("No part and no device has a known time in both shutdowns.") : Page.of(table);
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
