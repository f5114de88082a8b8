// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.quiesced.report.Column.Kind;

/** Text in aligned columns. In a limited space, columns are shortened as {@link Column} says. */
public final class Table {
    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** Creates a table without rows. */
    public Table(Column... columns) {
        this(List.of(columns));
    }

    /** Creates a table without rows. */
    public Table(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    /** Adds a row of ordinary text, with a cell per column. */
    public void row(String... cells) {
        rows.add(Stream.of(cells).map(Cell::of).toList());
    }

    /** Adds a row, with a cell per column. */
    public void row(List<Cell> cells) {
        rows.add(List.copyOf(cells));
    }

    /** Returns whether it has no rows. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Returns the lines for a space, without trailing blanks. */
    List<String> lines(Layout layout) {
        // Text that wraps is not lost, so it wraps even where tables are unlimited.
        boolean wraps = columns.stream().anyMatch(column -> column.kind() == Kind.PROSE);
        Fit fit = Fit.of(sizes(), wraps ? layout.prose() : layout.tables());
        List<String> lines = new ArrayList<>();
        String head =
                line(columns.stream().map(column -> Cell.of(column.head())).toList(), fit, layout);
        lines.add(layout.styled(Style.HEAD, layout.coloured() ? head : head.stripTrailing()));
        rows.forEach(row -> lines.addAll(lines(row, fit, layout)));
        return lines;
    }

    private List<Fit.Sized> sizes() {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> columns.get(i)
                        .sized(rows.stream().map(row -> row.get(i).text()).toList()))
                .toList();
    }

    /** Returns the lines of a row: one, unless its last cell wraps. */
    private List<String> lines(List<Cell> row, Fit fit, Layout layout) {
        int last = columns.size() - 1;
        if (columns.get(last).kind() != Kind.PROSE) {
            return List.of(line(row, fit, layout).stripTrailing());
        }
        List<String> lines = new ArrayList<>();
        for (String part : Layout.wrapped(
                row.get(last).text(), fit.widths().get(fit.widths().size() - 1))) {
            List<Cell> cells = new ArrayList<>(
                    lines.isEmpty()
                            ? row.subList(0, last)
                            : row.subList(0, last).stream()
                                    .map(cell -> Cell.of(""))
                                    .toList());
            cells.add(new Cell(part, row.get(last).style()));
            lines.add(line(cells, fit, layout).stripTrailing());
        }
        return lines;
    }

    private String line(List<Cell> row, Fit fit, Layout layout) {
        StringBuilder line = new StringBuilder();
        for (int at = 0; at < fit.columns().size(); at++) {
            Column column = columns.get(fit.columns().get(at));
            Cell cell = row.get(fit.columns().get(at));
            int width = fit.widths().get(at);
            String text = column.kind() == Kind.PROSE ? cell.text() : column.shortened(cell.text(), width);
            String fill = " ".repeat(Math.max(0, width - text.length()));
            String styled = layout.styled(cell.style(), text);
            line.append(" ".repeat(at == 0 ? 0 : fit.gap()));
            line.append(column.kind() == Kind.NUMBER ? fill + styled : styled + fill);
        }
        return line.toString();
    }
}
