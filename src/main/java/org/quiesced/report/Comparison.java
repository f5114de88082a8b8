// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Two shutdowns of the same machine: the stock kernel's walk, and ours.
 *
 * @param stock when each device was shut down by the kernel alone
 * @param quiesced when each device was shut down with us, including those that we left to the kernel
 */
public record Comparison(List<Span> stock, List<Span> quiesced) {
    /**
     * The time span in which one device was shut down.
     *
     * @param name its name for people
     * @param driver its driver
     * @param disposition {@code parallel}, {@code serial} or {@code kernel}
     * @param start when it began, in seconds from the start of the shutdown
     * @param end when it ended, in the same unit
     */
    public record Span(String name, String driver, String disposition, double start, double end) {}

    /** Sums of both runs, in seconds. */
    public record Totals(double stock, double quiesced, double slowestDrive, double speedup) {}

    /** Copies the lists. */
    public Comparison {
        stock = List.copyOf(stock);
        quiesced = List.copyOf(quiesced);
    }

    /**
     * Returns the sums: each run from its first start to its last end, and the longest time that one device took with
     * us.
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
     * Returns a summary in one line, for example {@code speedup: 4.0x (stock 12.0 s, quiesced 3.0 s, slowest drive 3.0
     * s)}.
     */
    public String summary() {
        Totals totals = totals();
        return String.format(
                Locale.ROOT,
                "speedup: %.1fx (stock %s, quiesced %s, slowest drive %s)",
                totals.speedup(),
                seconds(totals.stock()),
                seconds(totals.quiesced()),
                seconds(totals.slowestDrive()));
    }

    private static String seconds(double value) {
        // Below a tenth of a second, one decimal would say nothing.
        return value < 1 ? String.format(Locale.ROOT, "%.2f s", value) : String.format(Locale.ROOT, "%.1f s", value);
    }

    /**
     * Returns both timelines as a table with one row for each device, in the order of {@code quiesced}; devices that
     * are only in {@code stock} follow.
     */
    public List<String> text() {
        var byNameBefore = stock.stream().collect(Collectors.toMap(Span::name, Function.identity(), (a, b) -> a));
        var byNameAfter = quiesced.stream().collect(Collectors.toMap(Span::name, Function.identity(), (a, b) -> a));
        Set<String> names = new LinkedHashSet<>();
        quiesced.forEach(span -> names.add(span.name()));
        stock.forEach(span -> names.add(span.name()));
        Table table = new Table(
                Set.of(3, 4, 5, 6), "DEVICE", "DRIVER", "DISPOSITION", "STOCK FROM", "TO", "QUIESCED FROM", "TO");
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
        return table.lines();
    }

    private static String time(double seconds) {
        return String.format(Locale.ROOT, "%.2f", seconds);
    }
}
