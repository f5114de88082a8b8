// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.regex.Pattern;

/**
 * One mistake in a configuration file.
 *
 * @param file the file's path
 * @param line its line, from 1; 0 if the file as a whole is meant
 * @param column its column, from 1; 0 if the file as a whole is meant
 * @param key the dotted key, or empty if it can't be told
 * @param message what is wrong and what to do about it
 */
public record ConfigProblem(String file, int line, int column, String key, String message) {
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\u2028\u2029]");

    /** Keeps control characters of the file, line ends and terminal sequences among them, out of messages. */
    public ConfigProblem {
        key = visible(key);
        message = visible(message);
    }

    private static String visible(String text) {
        return CONTROL.matcher(text)
                .replaceAll(
                        match -> String.format("\\\\u%04x", (int) match.group().charAt(0)));
    }

    /** Returns the problem in one line, as compilers write them. */
    @Override
    public String toString() {
        String where = line == 0 ? file : file + ":" + line + ":" + column;
        return where + ": " + (key.isEmpty() ? "" : key + ": ") + message;
    }
}
