// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.quiesced.report.Column;
import org.quiesced.report.Page;
import org.quiesced.report.Table;

/** Formats the units that took long to stop as text. */
final class UnitsText {
    /** Maximum number of units that a sentence names. */
    private static final int NAMED = 3;

    private UnitsText() {}

    /**
     * Returns a sentence with the slowest units, or with the reason why they are unknown; empty if the journal was not
     * read.
     */
    static Optional<String> sentence(ShutdownRecord record) {
        return record.units()
                .map(units -> units.missing()
                        .map(why -> "Which units took long to stop is not known: " + why + ".")
                        .orElseGet(() -> sentence(units)));
    }

    private static String sentence(StoppedUnits units) {
        return units.slowest().isEmpty()
                ? "The journal names no unit that was stopped."
                : "Slowest units: "
                        + units.slowest().stream()
                                .limit(NAMED)
                                .map(unit -> unit.unit() + " " + RecordText.seconds(unit.took()))
                                .collect(Collectors.joining(", "))
                        + ".";
    }

    /** Returns a table with the slowest units; an empty page if none is known. */
    static Page page(ShutdownRecord record) {
        List<StoppedUnits.Unit> slowest =
                record.units().map(StoppedUnits::slowest).orElse(List.of());
        Table table =
                new Table(Column.text("UNIT", 8), Column.number("FROM"), Column.number("TO"), Column.number("TIME"));
        slowest.forEach(unit -> table.row(
                unit.unit(),
                RecordText.seconds(unit.from()),
                RecordText.seconds(unit.to()),
                RecordText.seconds(unit.took())));
        return slowest.isEmpty() ? new Page() : Page.of(table);
    }
}
