// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.math.BigInteger;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.quiesced.history.Counters;
import org.quiesced.history.HistoryText;
import org.quiesced.history.Proof;
import org.quiesced.report.Table;

/** Formats the drives of all recorded shutdowns as text. */
public final class HealthText {
    private static final Set<Proof> CLEAN = Set.of(Proof.CLEAN, Proof.POWERED);
    private static final Set<Proof> TOLD = Set.of(Proof.CLEAN, Proof.POWERED, Proof.UNSAFE);

    private HealthText() {}

    /** Returns a table with a row for each drive, and a line for each unsafe shutdown. */
    public static List<String> lines(List<DriveHistory> drives, ZoneId zone) {
        if (drives.isEmpty()) {
            return List.of("No drive is known yet: quiesced-history.service queries the drives at boot.");
        }
        List<Column> columns = new ArrayList<>(List.of(
                Column.text("DRIVE", DriveHistory::name),
                Column.number("CLEAN", HealthText::clean),
                Column.number("CYCLES", drive -> counter(drive, Counters::powerCycles)),
                Column.number("UNSAFE", drive -> counter(drive, Counters::unsafeShutdowns))));
        boolean haveStops = drives.stream()
                .anyMatch(drive ->
                        drive.counters().flatMap(Counters::startStopCycles).isPresent());
        if (haveStops) {
            columns.add(Column.number("STARTS", drive -> counter(drive, Counters::startStopCycles)));
        }
        columns.addAll(List.of(
                Column.text("LAST", HealthText::last),
                Column.text("MODEL", DriveHistory::model),
                Column.text("SERIAL", drive -> drive.serial() + (drive.present() ? "" : " (not present)"))));
        Table table = new Table(
                IntStream.range(0, columns.size())
                        .filter(i -> columns.get(i).isNumber())
                        .boxed()
                        .collect(Collectors.toSet()),
                columns.stream().map(Column::head).toArray(String[]::new));
        drives.forEach(drive -> table.row(
                columns.stream().map(column -> column.cell().apply(drive)).toArray(String[]::new)));
        List<String> lines = new ArrayList<>(table.lines());
        drives.forEach(drive -> drive.shutdowns().stream()
                .filter(entry -> entry.proof() == Proof.UNSAFE)
                .forEach(entry -> lines.add(drive.name() + ": unsafe in shutdown " + entry.number() + " ("
                        + HistoryText.date(entry.asked(), zone) + ", " + entry.verb() + "): it was "
                        + CounterComparison.outcomeText(entry.outcome(), entry.took(), entry.phase(), entry.why()))));
        return lines;
    }

    /** A column of the table; one of numbers is aligned to the right. */
    private record Column(String head, boolean isNumber, Function<DriveHistory, String> cell) {
        static Column text(String head, Function<DriveHistory, String> cell) {
            return new Column(head, false, cell);
        }

        static Column number(String head, Function<DriveHistory, String> cell) {
            return new Column(head, true, cell);
        }
    }

    private static String counter(DriveHistory drive, Function<Counters, Optional<BigInteger>> which) {
        return drive.counters().flatMap(which).map(BigInteger::toString).orElse("-");
    }

    private static String clean(DriveHistory drive) {
        long told = drive.count(TOLD);
        return told == 0 ? "-" : drive.count(CLEAN) + "/" + told;
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
            case UNSAFE -> "unsafe";
            case UNKNOWN -> "-";
        };
    }
}
