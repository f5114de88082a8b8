// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.quiesced.config.TimeSpan;
import org.quiesced.device.Device;
import org.quiesced.kernel.Latencies;
import org.quiesced.plan.Plan;
import org.quiesced.report.Labels;
import org.quiesced.run.Event;

/** Shows one bar per device that is shut down, redrawn in place. */
final class ProgressBars implements ProgressView {
    private static final int WIDEST_BAR = 40;
    /** Minimum width of a bar, in columns. */
    private static final int NARROWEST_BAR = 4;
    /** Number of lines below the bars: the number of devices without a bar, the totals, and the line of the cursor. */
    private static final int OTHER_LINES = 3;

    private static final String CLEAR_TO_LINE_END = "\u001b[K";

    private enum Phase {
        WAITING(' ', "waiting"),
        RUNNING('#', ""),
        DOWN('#', "down"),
        LEFT('-', "left to the kernel");

        private final char fill;
        private final String word;

        Phase(char fill, String word) {
            this.fill = fill;
            this.word = word;
        }
    }

    private static final class Row {
        private final String label;
        private final long expected;
        private final boolean isUntimed;
        private Phase phase = Phase.WAITING;
        private long start;
        private long end;

        Row(String label, long expected, boolean isUntimed) {
            this.label = label;
            this.expected = expected;
            this.isUntimed = isUntimed;
        }
    }

    private final Output output;
    private final Pace pace;
    private final Map<Device, Row> rows = new LinkedHashMap<>();
    private final boolean isTimed;
    private final int labelWidth;
    private final int barWidth;
    private final int lineWidth;
    private final int shownRows;
    private int drawnLines;
    private long now;

    ProgressBars(Output output, Simulation simulation, Latencies latencies, Pace pace) {
        this.output = output;
        this.pace = pace;
        this.isTimed = !simulation.unknown().isAll();
        Plan plan = simulation.plan();
        Labels labels = new Labels(plan);
        for (Device device : plan.driven()) {
            if (plan.handles(device)) {
                rows.put(
                        device,
                        new Row(
                                labels.of(device),
                                latencies.of(device).orElse(Duration.ZERO).toNanos(),
                                simulation.unknown().contains(device)));
            }
        }
        // Lines that have scrolled off the screen cannot be redrawn.
        shownRows = Math.max(1, output.terminal().rows() - OTHER_LINES);
        labelWidth =
                rows.values().stream().mapToInt(row -> row.label.length()).max().orElse(0);
        // A wrapped line cannot be redrawn either, and a line that ends in the last column cannot be cleared to its
        // end.
        lineWidth = output.terminal().columns() - 1;
        int room = lineWidth - labelWidth - " [] ".length() - Phase.LEFT.word.length();
        barWidth = room < NARROWEST_BAR ? 0 : Math.min(room, WIDEST_BAR);
    }

    @Override
    public void advance(long time) {
        pace.pass(time, this::draw);
        now = time;
    }

    @Override
    public void happened(Event event) {
        Row row = rows.get(event.device());
        if (row == null) {
            return;
        }
        if (event instanceof Event.Started) {
            row.phase = Phase.RUNNING;
            row.start = event.at();
        } else if (event.isLast()) {
            row.phase = event instanceof Event.Done ? Phase.DOWN : Phase.LEFT;
            row.end = event.at();
        }
    }

    @Override
    public void close() {
        draw(now);
    }

    private void draw(long time) {
        StringBuilder picture = new StringBuilder();
        if (drawnLines > 0) {
            picture.append("\u001b[").append(drawnLines).append('A');
        }
        rows.values().stream().limit(shownRows).forEach(row -> picture.append(line(row, time)));
        drawnLines = Math.min(rows.size(), shownRows);
        if (rows.size() > shownRows) {
            picture.append("and ")
                    .append(rows.size() - shownRows)
                    .append(" more")
                    .append(CLEAR_TO_LINE_END)
                    .append('\n');
            drawnLines++;
        }
        long down =
                rows.values().stream().filter(row -> row.phase == Phase.DOWN).count();
        picture.append(down + " of " + rows.size() + " down"
                        + (isTimed ? ", " + TimeSpan.format(Duration.ofNanos(time)) : ""))
                .append(CLEAR_TO_LINE_END)
                .append('\n');
        drawnLines++;
        output.raw(picture.toString());
    }

    private String line(Row row, long time) {
        double share = switch (row.phase) {
            case WAITING -> 0;
            case RUNNING -> row.expected == 0 ? 0 : Math.min(1, (time - row.start) / (double) row.expected);
            case DOWN, LEFT -> 1;
        };
        int filled = (int) Math.round(share * barWidth);
        String bar = String.valueOf(row.phase.fill).repeat(filled) + " ".repeat(barWidth - filled);
        String words = row.phase == Phase.DOWN && !row.isUntimed
                ? "down after " + TimeSpan.format(Duration.ofNanos(row.end - row.start))
                : row.phase.word;
        String text = String.format(Locale.ROOT, "%-" + Math.max(1, labelWidth) + "s", row.label)
                + (barWidth == 0 ? " " : " [" + bar + "] ")
                + words;
        return text.substring(0, Math.min(text.length(), Math.max(0, lineWidth))) + CLEAR_TO_LINE_END + "\n";
    }
}
