// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The space that a text is written to. Widths are in columns of a terminal.
 *
 * @param tables the maximum width of a table
 * @param prose the width at which prose wraps
 * @param coloured whether the text has colours
 */
public record Layout(int tables, int prose, boolean coloured) {
    /** A width without a limit. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** A file or a pipe: nothing is shortened or wrapped, and there are no colours. */
    public static final Layout PLAIN = new Layout(UNLIMITED, UNLIMITED, false);

    /** Returns the same space with tables in full. */
    public Layout full() {
        return new Layout(UNLIMITED, prose, coloured);
    }

    String styled(Style style, String text) {
        return coloured ? style.applied(text) : text;
    }

    /** Wraps a text between words. A word that is wider than the space stays whole. */
    static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > width) {
            int end = rest.lastIndexOf(' ', width);
            if (rest.substring(0, Math.max(0, end)).isBlank()) {
                end = rest.indexOf(' ', width);
            }
            if (end < 0) {
                break;
            }
            lines.add(rest.substring(0, end).stripTrailing());
            rest = rest.substring(end).stripLeading();
        }
        lines.add(rest);
        return lines;
    }
}
