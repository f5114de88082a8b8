// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.math.BigInteger;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.quiesced.history.Counters;
import org.quiesced.history.HistoryText;
import org.quiesced.history.Proof;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.RecordText;
import org.quiesced.history.ShownShutdown;
import org.quiesced.report.Cell;
import org.quiesced.report.Column;
import org.quiesced.report.Page;
import org.quiesced.report.Style;
import org.quiesced.report.Table;

/** Formats the drives of all recorded shutdowns as text. */
public final class HealthText {
    private static final Set<Proof> CLEAN = Set.of(Proof.CLEAN, Proof.POWERED);
    private static final Set<Proof> TOLD = Set.of(Proof.CLEAN, Proof.POWERED, Proof.UNSAFE);

    private static final String UNSAFE = "unsafe";

    private HealthText() {}

    /**
     * Returns what the drives report of the last shutdown: the number of clean shutdowns, and a warning for each drive
     * that reports an unsafe one; or that its record is damaged. Empty without a record.
     */
    private static Page last(RecordFiles.Contents records, ZoneId zone) {
        return records.last()
                .map(stored -> stored.kept().map(kept -> last(kept, zone)).orElseGet(() -> damaged(stored.number())))
                .orElseGet(Page::new);
    }

    private static Page damaged(int number) {
        return new Page()
                .line(
                        "Shutdown " + number + ": its record is damaged, so what the drives report of it is not known.",
                        Style.BAD)
                .blank();
    }

    private static Page last(RecordFiles.Kept kept, ZoneId zone) {
        List<LogLine> said = CounterComparison.of(kept.record());
        String total = said.isEmpty()
                ? "no drive has reported whether it was shut down cleanly"
                : said.get(0).text();
        Page page = Page.of(ShownShutdown.of(kept).title(zone) + ": " + total + ".");
        said.stream().skip(1).forEach(line -> page.line("Warning: " + line.text() + ".", Style.BAD));
        return page.blank();
    }

    /**
     * Returns what the drives report of the last shutdown, a table with a row for each drive, and a line for each
     * unsafe shutdown before the last one.
     *
     * @param records the stored records
     */
    public static Page page(RecordFiles.Contents records, List<DriveHistory> drives, ZoneId zone) {
        if (drives.isEmpty()) {
            return last(records, zone)
                    .page(Page.of("No drive is known yet: quiesced-history.service queries the drives at boot."));
        }
        Page page = last(records, zone).page(Page.of(table(drives, records.lastIsDamaged())));
        for (DriveHistory drive : drives) {
            for (DriveHistory.Entry entry : drive.shutdowns()) {
                if (entry.proof() == Proof.UNSAFE && drive.last().stream().noneMatch(entry::isOf)) {
                    page.line(earlier(drive, entry, zone), Style.BAD);
                }
            }
        }
        return page;
    }

    private static String earlier(DriveHistory drive, DriveHistory.Entry entry, ZoneId zone) {
        return drive.name() + ": unsafe in shutdown " + entry.number() + " ("
                + HistoryText.date(entry.asked(), zone) + ", " + entry.verb() + "): it was "
                + RecordText.outcome(entry.outcome(), entry.took(), entry.phase(), entry.why());
    }

    private static Table table(List<DriveHistory> drives, boolean lastIsDamaged) {
        List<Shown> columns = new ArrayList<>(List.of(
                new Shown(Column.name("DRIVE"), DriveHistory::name),
                new Shown(Column.number("CLEAN"), HealthText::clean),
                new Shown(Column.number("CYCLES"), drive -> counter(drive, Counters::powerCycles)),
                new Shown(Column.number("UNSAFE"), drive -> counter(drive, Counters::unsafeShutdowns))));
        boolean haveStops = drives.stream()
                .anyMatch(drive ->
                        drive.counters().flatMap(Counters::startStopCycles).isPresent());
        if (haveStops) {
            columns.add(new Shown(Column.number("STARTS"), drive -> counter(drive, Counters::startStopCycles)));
        }
        columns.addAll(List.of(
                new Shown(Column.text("LAST", 6), drive -> lastIsDamaged ? "-" : last(drive)),
                new Shown(Column.number("SLOW").leftOut(2), HealthText::slow),
                new Shown(Column.text("MODEL", 10).leftOut(1), DriveHistory::model),
                new Shown(
                        Column.word("SERIAL").leftOut(3),
                        drive -> drive.serial() + (drive.present() ? "" : " (not present)"))));
        Table table = new Table(columns.stream().map(Shown::column).toList());
        drives.forEach(drive ->
                table.row(columns.stream().map(column -> column.cell(drive)).toList()));
        return table;
    }

    /** A column of the table, and the text of its cells. */
    private record Shown(Column column, Function<DriveHistory, String> text) {
        Cell cell(DriveHistory drive) {
            String cell = text.apply(drive);
            return new Cell(cell, cell.equals(UNSAFE) ? Style.BAD : Style.PLAIN);
        }
    }

    private static String counter(DriveHistory drive, Function<Counters, Optional<BigInteger>> which) {
        return drive.counters().flatMap(which).map(BigInteger::toString).orElse("-");
    }

    private static String clean(DriveHistory drive) {
        long told = drive.count(TOLD);
        return told == 0 ? "-" : drive.count(CLEAN) + "/" + told;
    }

    private static String slow(DriveHistory drive) {
        List<Boolean> known = drive.shutdowns().stream()
                .flatMap(entry -> entry.slow().stream())
                .toList();
        return known.isEmpty()
                ? "-"
                : known.stream().filter(Boolean::booleanValue).count() + "/" + known.size();
    }

    private static String last(DriveHistory drive) {
        List<DriveHistory.Entry> all = drive.shutdowns();
        return Optional.of(all)
                .filter(entries -> !entries.isEmpty())
                .map(entries -> describe(entries.get(entries.size() - 1).proof()))
                .orElse("-");
    }

    private static String describe(Proof proof) {
        return switch (proof) {
            case CLEAN -> "clean";
            case POWERED -> "clean, kept its power";
            case UNSAFE -> UNSAFE;
            case UNKNOWN -> "-";
        };
    }
}
