// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

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
                int line = location == null ? 0 : location.getLineNr();
                String blanked = blank(rest, line);
                problems.add(new ConfigProblem(
                        file, Math.max(line, 0), location == null ? 0 : location.getColumnNr(), "", words(e)));
                if (blanked.equals(rest)) {
                    return new TomlSource(file, MAPPER.createObjectNode(), Map.of());
                }
                rest = blanked;
            }
        }
    }

    private static String words(JacksonException e) {
        return "not TOML: " + e.getOriginalMessage().lines().findFirst().orElse("unreadable");
    }

    private static String blank(String text, int line) {
        String[] lines = text.split("\n", -1);
        // An error at the end of the text comes from what is not closed before it.
        for (int i = Math.min(line, lines.length) - 1; i >= 0; i--) {
            if (!lines[i].isBlank()) {
                lines[i] = "";
                return String.join("\n", lines);
            }
        }
        return text;
    }

    /** Reports a mistake at a key. */
    ConfigProblem problem(String key, String message) {
        TomlKeys.Place place = places.getOrDefault(key, new TomlKeys.Place(0, 0));
        return new ConfigProblem(file, place.line(), place.column(), key, message);
    }
}
