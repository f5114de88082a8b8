// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A writer of SVG shapes, which escapes all text. Coordinates and sizes are in pixels. */
final class Svg {
    private final List<String> lines = new ArrayList<>();
    private final Set<String> styles = new HashSet<>();

    /** The position of a text's anchor point. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    /**
     * Draws a rectangle.
     *
     * @param width nothing is drawn if it is 0 or less; otherwise it is at least 0.35 pixels
     * @param style its class in the style sheet
     * @param title its tooltip; empty for none
     */
    void box(double x, double y, double width, double height, String style, String title) {
        if (width > 0 && height > 0) {
            styles.add(style);
            String shape = "<rect" + at(x, y) + " width=\"" + number(Math.max(0.35, width)) + "\" height=\""
                    + number(height) + "\" class=\"" + Markup.escape(style) + "\"";
            lines.add(shape + (title.isEmpty() ? "/>" : "><title>" + Markup.escape(title) + "</title></rect>"));
        }
    }

    /** Draws a vertical line. */
    void upright(double x, double from, double to, String style) {
        lines.add("<line x1=\"" + number(x) + "\" y1=\"" + number(from) + "\" x2=\"" + number(x) + "\" y2=\""
                + number(to) + "\" class=\"" + Markup.escape(style) + "\"/>");
    }

    /** Draws a horizontal line. */
    void level(double from, double to, double y, String style) {
        lines.add("<line x1=\"" + number(from) + "\" y1=\"" + number(y) + "\" x2=\"" + number(to) + "\" y2=\""
                + number(y) + "\" class=\"" + Markup.escape(style) + "\"/>");
    }

    /** Draws a text. */
    void text(double x, double y, Anchor anchor, String style, String text) {
        text(x, y, anchor, style, text, Optional.empty());
    }

    /** Draws a text, truncated to a number of characters; its tooltip is the whole text. */
    void limited(double x, double y, Anchor anchor, String style, String text, int longest) {
        if (longest >= 2) {
            boolean fits = text.length() <= longest;
            text(
                    x,
                    y,
                    anchor,
                    style,
                    fits ? text : text.substring(0, longest - 1).stripTrailing() + "…",
                    fits ? Optional.empty() : Optional.of(text));
        }
    }

    private void text(double x, double y, Anchor anchor, String style, String text, Optional<String> title) {
        String end =
                anchor == Anchor.START ? "" : " text-anchor=\"" + anchor.name().toLowerCase(Locale.ROOT) + "\"";
        lines.add("<text" + at(x, y) + end + " class=\"" + Markup.escape(style) + "\">"
                + title.map(whole -> "<title>" + Markup.escape(whole) + "</title>")
                        .orElse("")
                + Markup.escape(text) + "</text>");
    }

    private static String at(double x, double y) {
        return " x=\"" + number(x) + "\" y=\"" + number(y) + "\"";
    }

    /** Returns a number with at most two decimals, in a format independent of the locale. */
    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        String without = text.replaceAll("\\.?0+$", "");
        return without.equals("-0") ? "0" : without;
    }

    /** Returns whether there is a rectangle of a class. */
    boolean has(String style) {
        return styles.contains(style);
    }

    /** Returns the shapes so far. */
    List<String> shapes() {
        return List.copyOf(lines);
    }

    /**
     * Returns the image.
     *
     * @param definitions the style sheet and the patterns
     */
    List<String> picture(double width, double height, String title, List<String> definitions) {
        List<String> all = new ArrayList<>();
        all.add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(width) + "\" height=\"" + number(height)
                + "\" viewBox=\"0 0 " + number(width) + " " + number(height) + "\" role=\"img\">");
        all.add("<title>" + Markup.escape(title) + "</title>");
        all.addAll(definitions);
        all.addAll(lines);
        all.add("</svg>");
        return all;
    }
}
