// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.List;

/**
 * A column of a table, and what becomes of it in a narrow space.
 *
 * @param head its heading
 * @param kind what its cells contain
 * @param least the width to which it is shortened while other columns can give way; that of a name is the width behind
 *     the lines of a tree
 * @param order the order in which columns are left out where the shortened ones do not fit; 0 if it always stays
 */
public record Column(String head, Kind kind, int least, int order) {
    /** The width to which the heading of a number is shortened. */
    private static final int NUMBER = 8;

    /** The width to which the heading of a number is shortened at last. */
    private static final int HEAD = 3;

    /** The width to which a name is shortened: that of {@code …(nvme10)}. */
    private static final int NAME = 9;

    /** The minimum width of a column of wrapped text, unless its text is shorter. */
    private static final int PROSE = 16;

    /** What the cells of a column contain. */
    enum Kind {
        /** A number, aligned to the right and never shortened. */
        NUMBER,
        /** A word, which is not shortened. */
        WORD,
        /** Text that is shortened at its end. */
        TEXT,
        /** A name that is shortened at its beginning, after other columns. */
        NAME,
        /** Text that wraps; in the last column. */
        PROSE
    }

    /** Creates a column of numbers, which are never shortened. */
    public static Column number(String head) {
        return new Column(head, Kind.NUMBER, NUMBER, 0);
    }

    /** Creates a column of words of a fixed vocabulary, or of identifiers, which are not shortened. */
    public static Column word(String head) {
        return new Column(head, Kind.WORD, 0, 0);
    }

    /** Creates a column of text that is shortened at its end. */
    public static Column text(String head, int least) {
        return new Column(head, Kind.TEXT, least, 0);
    }

    /** Creates a column of names that are shortened last, and at their beginning. */
    public static Column name(String head) {
        return new Column(head, Kind.NAME, NAME, 0);
    }

    /** Creates a column of text that wraps. It must be the last one. */
    public static Column prose(String head) {
        return new Column(head, Kind.PROSE, PROSE, 0);
    }

    /** Returns this column with the order in which it is left out of a space that is too narrow. */
    public Column leftOut(int place) {
        return new Column(head, kind, least, place);
    }

    /** Returns the widths of the column with these cells. */
    Fit.Sized sized(List<String> cells) {
        int widest = cells.stream().mapToInt(String::length).max().orElse(0);
        int width = Math.max(head.length(), widest);
        return switch (kind) {
            case NUMBER ->
                new Fit.Sized(
                        this, width, Math.max(widest, Math.min(width, least)), Math.max(widest, Math.min(width, HEAD)));
            case WORD -> new Fit.Sized(this, width, width, width);
            case TEXT, PROSE -> new Fit.Sized(this, width, Math.min(width, least), 1);
            case NAME -> {
                int needed = cells.stream()
                        .mapToInt(cell -> Math.min(cell.length(), branch(cell) + least))
                        .max()
                        .orElse(least);
                yield new Fit.Sized(this, width, Math.min(width, needed), 1);
            }
        };
    }

    /** Returns a text that is shortened to a width, with an ellipsis where text is missing. */
    String shortened(String text, int width) {
        if (text.length() <= width) {
            return text;
        }
        if (kind != Kind.NAME) {
            return text.substring(0, wholeNumbers(text, width - 1)).stripTrailing() + "…";
        }
        int branch = branch(text);
        int kept = width - branch - 1;
        return kept < 1 ? "…" + end(text, width - 1) : text.substring(0, branch) + "…" + end(text, kept);
    }

    /** Returns a length up to a given one at which a text does not end within a number, which would be another one. */
    private static int wholeNumbers(String text, int length) {
        int end = length;
        if (end > 0 && isOfNumber(text.charAt(end - 1)) && isOfWord(text.charAt(end))) {
            while (end > 0 && isOfNumber(text.charAt(end - 1))) {
                end--;
            }
        }
        return end;
    }

    private static boolean isOfNumber(char letter) {
        return Character.isDigit(letter) || ".:-/".indexOf(letter) >= 0;
    }

    private static boolean isOfWord(char letter) {
        return Character.isLetter(letter) || isOfNumber(letter);
    }

    private static String end(String text, int length) {
        return text.substring(text.length() - length).stripLeading();
    }

    /** Returns the length of the lines of a tree before a name. */
    private static int branch(String text) {
        int length = 0;
        while (length < text.length() && "├└│─ ".indexOf(text.charAt(length)) >= 0) {
            length++;
        }
        return length;
    }
}
