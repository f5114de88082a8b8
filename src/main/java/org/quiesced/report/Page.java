// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Text of paragraphs and tables, which is laid out when the space that it is written to is known. */
public final class Page {
    private final List<Function<Layout, List<String>>> parts = new ArrayList<>();

    /** Creates an empty page. */
    public Page() {}

    /** Creates a page of one paragraph. */
    public static Page of(String text) {
        return new Page().line(text);
    }

    /** Creates a page of one table. */
    public static Page of(Table table) {
        return new Page().table(table);
    }

    /** Adds a paragraph of one line, which wraps in a narrow space. */
    public Page line(String text) {
        return line(text, Style.PLAIN);
    }

    /** Adds a paragraph of one line with a style. */
    public Page line(String text, Style style) {
        return item("", text, style);
    }

    /**
     * Adds a paragraph of one line behind a label. Where it wraps, its further lines begin below its first.
     *
     * @param style the style of the text
     */
    public Page item(String label, String text, Style style) {
        parts.add(layout -> {
            List<String> lines = new ArrayList<>();
            for (String line : Layout.wrapped(text, Math.max(1, layout.prose() - label.length()))) {
                String before = lines.isEmpty() ? label : " ".repeat(label.length());
                lines.add((before + layout.styled(style, line)).stripTrailing());
            }
            return lines;
        });
        return this;
    }

    /** Adds a paragraph of ordinary text behind a label. */
    public Page item(String label, String text) {
        return item(label, text, Style.PLAIN);
    }

    /** Adds lines that do not wrap, for example of a file. */
    public Page verbatim(List<String> lines) {
        List<String> copy = List.copyOf(lines);
        parts.add(layout -> copy);
        return this;
    }

    /** Adds an empty line. */
    public Page blank() {
        return verbatim(List.of(""));
    }

    /** Adds a table. */
    public Page table(Table table) {
        parts.add(table::lines);
        return this;
    }

    /** Adds the parts of another page. */
    public Page page(Page other) {
        parts.addAll(other.parts);
        return this;
    }

    /** Returns whether it has no parts. */
    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Returns the lines for a space. */
    public List<String> lines(Layout layout) {
        return parts.stream().flatMap(part -> part.apply(layout).stream()).toList();
    }

    /** Returns the lines for a file or a pipe. */
    public List<String> lines() {
        return lines(Layout.PLAIN);
    }
}
