// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.quiesced.config.TimeSpan;

/**
 * Compares two shutdowns of the same machine: by the kernel alone and with quiesced.
 *
 * @param stock when the kernel alone would shut down each device
 * @param quiesced when each device is shut down with quiesced, including the devices that are left to the kernel
 */
public record Comparison(List<Span> stock, List<Span> quiesced) {
    /**
     * The time span in which one device was shut down.
     *
     * @param name its display name
     * @param driver its driver
     * @param disposition {@code parallel}, {@code serial} or {@code kernel}
     * @param start its begin, in seconds since the start of the shutdown
     * @param end its end, in the same unit
     */
    public record Span(String name, String driver, String disposition, double start, double end) {}

    /**
     * Totals of both shutdowns, in seconds.
     *
     * @param speedup the ratio of the times; less than 1 if the shutdown takes longer with quiesced
     */
    public record Totals(double stock, double quiesced, double slowestDrive, double speedup) {}

    /** Copies the lists. */
    public Comparison {
        stock = List.copyOf(stock);
        quiesced = List.copyOf(quiesced);
    }

    /**
     * Returns the totals: each shutdown from its first begin to its last end, and the longest time of a device with
     * quiesced.
     */
    public Totals totals() {
        double slowest = quiesced.stream()
                .mapToDouble(span -> span.end() - span.start())
                .max()
                .orElse(0);
        double before = length(stock);
        double after = length(quiesced);
        return new Totals(before, after, slowest, after == 0 ? 1 : before / after);
    }

    private static double length(List<Span> spans) {
        double first = spans.stream().mapToDouble(Span::start).min().orElse(0);
        return spans.stream().mapToDouble(Span::end).max().orElse(0) - first;
    }

    /**
     * Returns a summary in one line, for example {@code speedup: 4.0x (stock 12.00s, quiesced 3.00s, slowest drive
     * 3.00s)}. A ratio of less than 1 has two decimals, so that a small loss is not rounded to 1.
     */
    public String summary() {
        Totals totals = totals();
        return String.format(
                Locale.ROOT,
                "speedup: %sx (stock %s, quiesced %s, slowest drive %s)",
                speedup(totals.speedup()),
                TimeSpan.format(totals.stock()),
                TimeSpan.format(totals.quiesced()),
                TimeSpan.format(totals.slowestDrive()));
    }

    private static String speedup(double ratio) {
        return String.format(Locale.ROOT, ratio < 1 ? "%.2f" : "%.1f", ratio);
    }

    /**
     * Returns both timelines as a table with one row per device, in the order of {@code quiesced}, followed by the
     * devices that are only in {@code stock}.
     */
    public List<String> text() {
        var byNameBefore = stock.stream().collect(Collectors.toMap(Span::name, Function.identity(), (a, b) -> a));
        var byNameAfter = quiesced.stream().collect(Collectors.toMap(Span::name, Function.identity(), (a, b) -> a));
        Set<String> names = new LinkedHashSet<>();
        quiesced.forEach(span -> names.add(span.name()));
        stock.forEach(span -> names.add(span.name()));
        Table table = new Table(
                Column.name("DEVICE"),
                Column.word("DRIVER").leftOut(1),
                Column.word("DISPOSITION").leftOut(2),
                Column.number("STOCK FROM"),
                Column.number("TO"),
                Column.number("QUIESCED FROM"),
                Column.number("TO"));
        for (String name : names) {
            Optional<Span> before = Optional.ofNullable(byNameBefore.get(name));
            Optional<Span> after = Optional.ofNullable(byNameAfter.get(name));
            Span any = after.or(() -> before).orElseThrow();
            table.row(
                    name,
                    any.driver(),
                    any.disposition(),
                    before.map(span -> time(span.start())).orElse("-"),
                    before.map(span -> time(span.end())).orElse("-"),
                    after.map(span -> time(span.start())).orElse("-"),
                    after.map(span -> time(span.end())).orElse("-"));
        }
        return table.lines(Layout.PLAIN);
    }

    private static String time(double seconds) {
        return TimeSpan.format(seconds);
    }
}
