// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.util.ArrayList;
import java.util.List;

/** A picture of a terminal in SVG, with commands and their output. */
public final class TerminalPicture {
    private static final double LETTER = 7.25;
    private static final double LINE = 15.5;
    private static final double MARGIN = 14;

    private final Svg svg = new Svg();
    private double y = MARGIN;
    private int columns;

    /** Adds a command and its output. */
    public void add(String command, List<String> output) {
        if (y > MARGIN) {
            y += LINE;
        }
        line("prompt", "$ " + command);
        output.forEach(text -> line("output", text));
    }

    private void line(String style, String text) {
        y += LINE;
        columns = Math.max(columns, text.length());
        if (!text.isEmpty()) {
            svg.text(MARGIN, y, Svg.Anchor.START, style, text);
        }
    }

    /** Returns the lines of the picture. */
    public List<String> lines(String title) {
        double width = 2 * MARGIN + columns * LETTER;
        double height = y + 2 * MARGIN;
        Svg screen = new Svg();
        screen.box(0, 0, width, height, "screen", "");
        List<String> all = new ArrayList<>(List.of(
                "<style>",
                "text { font: 12px 'DejaVu Sans Mono', Menlo, Consolas, monospace; white-space: pre }",
                ".screen { fill: #1c1f24 }",
                ".prompt { fill: #fff; font-weight: bold }",
                ".output { fill: #d5d9df }",
                "</style>"));
        all.addAll(screen.shapes());
        return svg.picture(width, height, title, all).stream()
                .map(line -> line.replaceFirst("^<text ", "<text xml:space=\"preserve\" "))
                .toList();
    }
}
