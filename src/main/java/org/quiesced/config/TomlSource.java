// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;

/**
 * A TOML file: its values, and the places of its keys.
 *
 * @param file its path
 * @param values its values as a tree of tables
 * @param places the place of each key and table, by dotted key
 */
record TomlSource(String file, JsonNode values, Map<String, TomlKeys.Place> places) {
    /**
     * Parses a file. A line with invalid syntax is reported and skipped, so that all problems are found at once.
     *
     * @param problems receives the syntax errors
     */
    static TomlSource parse(String file, String text, List<ConfigProblem> problems) {
        String rest = text;
        while (true) {
            try {
                return new TomlSource(file, TomlTree.of(rest), TomlKeys.of(rest));
            } catch (JacksonException e) {
                TokenStreamLocation location = e.getLocation();
                List<String> lines = rest.lines().toList();
                InvalidLine line = InvalidLine.at(lines, reportedLine(e, lines.size()));
                if (line.number() == 0) {
                    problems.add(new ConfigProblem(file, 0, 0, "", describe(e)));
                    return new TomlSource(file, TomlTree.of(""), Map.of());
                }
                int column = location != null && location.getLineNr() == line.number() ? location.getColumnNr() : 1;
                problems.add(new ConfigProblem(
                        file, line.number(), Math.max(1, column), line.key(), describe(e) + line.hint()));
                rest = String.join("\n", line.passedOver()) + "\n";
            }
        }
    }

    /** Returns the line of an error. The parser reports a duplicate key at the start of the line after it. */
    private static int reportedLine(JacksonException e, int lastLine) {
        TokenStreamLocation location = e.getLocation();
        if (location == null) {
            return lastLine;
        }
        boolean standsBehind =
                location.getColumnNr() <= 1 && e.getOriginalMessage().startsWith("Duplicate key");
        return standsBehind ? location.getLineNr() - 1 : location.getLineNr();
    }

    private static String describe(JacksonException e) {
        return "not TOML: " + e.getOriginalMessage().lines().findFirst().orElse("unreadable");
    }

    /** Returns a problem at the place of a key. */
    ConfigProblem problem(String key, String message) {
        TomlKeys.Place place = places.getOrDefault(key, new TomlKeys.Place(0, 0));
        return new ConfigProblem(file, place.line(), place.column(), key, message);
    }
}
