// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * A TOML file: its values, and where its keys stand.
 *
 * @param file its path
 * @param values its values as a tree of tables
 * @param places where each key and table stands, by dotted key
 */
record TomlSource(String file, JsonNode values, Map<String, TomlKeys.Place> places) {
    private static final TomlMapper MAPPER = new TomlMapper();

    /**
     * Parses a file. A line that is no TOML is reported and then passed over, so that one typing error does not hide the next.
     *
     * @param problems takes what is wrong with the file's syntax
     */
    static TomlSource parse(String file, String text, List<ConfigProblem> problems) {
        String rest = text;
        while (true) {
            try {
                return new TomlSource(file, MAPPER.readTree(rest), TomlKeys.of(rest));
            } catch (JacksonException e) {
                TokenStreamLocation location = e.getLocation();
                List<String> lines = new ArrayList<>(rest.lines().toList());
                int culprit = culprit(lines, location == null ? lines.size() : location.getLineNr());
                if (culprit == 0) {
                    problems.add(new ConfigProblem(file, 0, 0, "", words(e)));
                    return new TomlSource(file, MAPPER.createObjectNode(), Map.of());
                }
                int column = location != null && location.getLineNr() == culprit ? location.getColumnNr() : 1;
                problems.add(new ConfigProblem(file, culprit, Math.max(1, column), "", words(e)));
                lines.set(culprit - 1, "");
                rest = String.join("\n", lines) + "\n";
            }
        }
    }

    /** Returns the line that an error is in: the given one, or if that is empty, the last one before it that is not; 0 if there is none. */
    private static int culprit(List<String> lines, int reported) {
        int line = Math.min(reported, lines.size());
        while (line > 0 && lines.get(line - 1).isBlank()) {
            line--;
        }
        return line;
    }

    private static String words(JacksonException e) {
        return "not TOML: " + e.getOriginalMessage().lines().findFirst().orElse("unreadable");
    }

    /** Reports a mistake at a key. */
    ConfigProblem problem(String key, String message) {
        TomlKeys.Place place = places.getOrDefault(key, new TomlKeys.Place(0, 0));
        return new ConfigProblem(file, place.line(), place.column(), key, message);
    }
}
