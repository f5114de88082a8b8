// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line with invalid TOML syntax, and what can be recognized of it.
 *
 * @param lines the lines of the file
 * @param number the line's number, from 1; 0 if all lines of the file are blank
 */
record InvalidLine(List<String> lines, int number) {
    private static final Pattern HEADER = Pattern.compile("\\s*\\[+\\s*([^\\]#]+?)\\s*(?:\\].*|#.*|$)");
    private static final Pattern PAIR = Pattern.compile("\\s*([^=#\\[\\]]+?)\\s*=\\s*(.*)");
    private static final Pattern BARE_WORD = Pattern.compile("(?!(?:true|false|inf|nan)\\b)[A-Za-z].*");
    private static final Pattern BARE_SPAN = Pattern.compile("\\d+ *[a-z].*");

    /**
     * Finds the invalid line: the one that the parser reported, or if that is blank, the last one before it that is
     * not.
     */
    static InvalidLine at(List<String> lines, int reported) {
        int number = Math.min(reported, lines.size());
        while (number > 0 && lines.get(number - 1).isBlank()) {
            number--;
        }
        return new InvalidLine(lines, number);
    }

    private String text() {
        return lines.get(number - 1);
    }

    /**
     * Returns the dotted key that the line sets, or the name of the table that it begins; an empty string if it is not
     * recognizable.
     */
    String key() {
        Matcher header = HEADER.matcher(text());
        if (header.matches()) {
            return unquoted(header.group(1));
        }
        Matcher pair = PAIR.matcher(text());
        if (!pair.matches()) {
            return "";
        }
        for (int i = number - 2; i >= 0; i--) {
            Matcher table = HEADER.matcher(lines.get(i));
            if (table.matches()) {
                return unquoted(table.group(1) + "." + pair.group(1));
            }
        }
        return unquoted(pair.group(1));
    }

    private static String unquoted(String key) {
        return key.replace("\"", "").replace("'", "");
    }

    /** Returns a remedy, to be appended to the parser's message; an empty string if there is none. */
    String hint() {
        Matcher pair = PAIR.matcher(text());
        boolean isBare = pair.matches()
                && (BARE_WORD.matcher(pair.group(2)).matches()
                        || BARE_SPAN.matcher(pair.group(2)).matches());
        if (isBare) {
            return " (write the value in quotes)";
        }
        return isUnclosedHeader() ? " (close the bracket)" : "";
    }

    private boolean isUnclosedHeader() {
        return HEADER.matcher(text()).matches() && !text().contains("]");
    }

    /** Returns the lines with this one corrected: a table's bracket is closed; any other line is removed. */
    List<String> passedOver() {
        List<String> rest = new ArrayList<>(lines);
        rest.set(number - 1, isUnclosedHeader() ? text().replaceFirst("#.*", "") + "]" : "");
        return rest;
    }
}
