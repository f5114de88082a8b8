// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlFactory;

/** Parses TOML into a tree. */
final class TomlTree {
    private static final TomlFactory FACTORY = new TomlFactory();

    private TomlTree() {}

    /**
     * Parses a text.
     *
     * @throws JacksonException if it is not valid TOML
     */
    static JsonNode of(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            return TreeReader.read(parser);
        }
    }
}
