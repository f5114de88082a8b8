// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.quiesced.report.Cell;
import org.quiesced.report.Column;
import org.quiesced.report.Page;
import org.quiesced.report.Table;

/** Formats one record as text: its marks, and the outcome of each device, with why it was left or went down late. */
public final class ReportText {
    private ReportText() {}

    /** Returns the text. */
    public static Page page(ShownShutdown shown, ZoneId zone) {
        ShutdownRecord record = shown.record();
        Page page = TimeText.page(shown, zone);
        shown.versions().ifPresent(page::line);
        page.blank();
        Table moments = new Table(Column.number("AT"), Column.prose("MOMENT"));
        record.marks().forEach((mark, at) -> moments.row(RecordText.seconds(at), describe(mark)));
        page.table(moments).blank();
        Lateness lateness = new Lateness(record);
        Table devices = new Table(
                Column.name("DEVICE"),
                Column.word("DRIVER").leftOut(1),
                Column.word("PHASE").leftOut(2),
                Column.number("FROM"),
                Column.number("STOP"),
                Column.number("TO"),
                Column.text("OUTCOME", 6),
                Column.text("WHY", 8));
        record.devices()
                .forEach(device -> devices.row(List.of(
                        Cell.of(device.label()),
                        Cell.of(device.driver()),
                        Cell.of(device.phase().orElse("-")),
                        Cell.of(time(device.start())),
                        Cell.of(time(device.stop())),
                        Cell.of(time(device.end())),
                        new Cell(device.outcome().word(), RecordText.style(device)),
                        Cell.of(device.why().or(() -> lateness.of(device)).orElse("-")))));
        page.table(devices);
        section(page, UnitsText.page(record));
        section(page, WalkText.page(record));
        return page;
    }

    private static void section(Page page, Page added) {
        if (!added.isEmpty()) {
            page.blank().page(added);
        }
    }

    private static String time(Optional<Double> time) {
        return time.map(RecordText::seconds).orElse("-");
    }

    private static String describe(Mark mark) {
        return switch (mark) {
            case ASKED -> "the shutdown is requested";
            case NETWORK -> "the network is about to be stopped";
            case EARLY -> "local file systems are unmounted: the early phase begins";
            case FINAL -> "all units are stopped: systemd-shutdown takes over";
            case KILL -> "the last processes are killed";
            case UNMOUNTED -> "all file systems are unmounted";
            case LATE -> "the hook sends its request: the late phase begins";
            case EXITRD -> "the root file system is unmounted: the exitrd's phase begins";
            case END -> "quiesced has ended, or handed over";
            case WALK -> "the kernel walks over the devices";
            case RESTART -> "the kernel's walk has ended: the machine powers off or restarts";
        };
    }
}
