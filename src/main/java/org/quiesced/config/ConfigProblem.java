// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.regex.Pattern;

/**
 * A problem in a configuration file.
 *
 * @param file the file's path
 * @param line its line, from 1; 0 for the file as a whole
 * @param column its column, from 1; 0 for the file as a whole
 * @param key the dotted key; empty if unknown
 * @param message the problem and its remedy
 */
public record ConfigProblem(String file, int line, int column, String key, String message) {
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\u2028\u2029]");

    /** Replaces control characters that come from the file, including line ends and terminal sequences. */
    public ConfigProblem {
        key = visible(key);
        message = visible(message);
    }

    private static String visible(String text) {
        return CONTROL.matcher(text)
                .replaceAll(
                        match -> String.format("\\\\u%04x", (int) match.group().charAt(0)));
    }

    /** Returns the problem in one line, in the format of compilers. */
    @Override
    public String toString() {
        String where = line == 0 ? file : file + ":" + line + ":" + column;
        return where + ": " + (key.isEmpty() ? "" : key + ": ") + message;
    }
}
