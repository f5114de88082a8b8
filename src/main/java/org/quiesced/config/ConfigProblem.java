// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

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
    /** Returns the problem in one line, as compilers write them. */
    @Override
    public String toString() {
        String where = line == 0 ? file : file + ":" + line + ":" + column;
        return where + ": " + (key.isEmpty() ? "" : key + ": ") + message;
    }
}
