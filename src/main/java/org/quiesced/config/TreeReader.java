// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Parses a text into a tree, without a mapper: see "Libraries" in facts.md. */
public final class TreeReader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final JsonFactory JSON = new JsonFactory();

    private TreeReader() {}

    /**
     * Parses a whole JSON text.
     *
     * @throws JacksonException if the text is invalid or empty
     */
    public static JsonNode json(byte[] text) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            return read(parser);
        }
    }

    /**
     * Parses a whole text.
     *
     * @param parser a parser before its first token
     * @throws JacksonException if the text is invalid or empty
     */
    static JsonNode read(JsonParser parser) {
        if (parser.nextToken() == null) {
            throw new StreamReadException(parser, "there is nothing");
        }
        JsonNode whole = node(parser);
        if (parser.nextToken() != null) {
            throw new StreamReadException(parser, "there is more after it");
        }
        return whole;
    }

    private static JsonNode node(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> table(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_DECIMAL
                        ? NODES.numberNode(parser.getDecimalValue())
                        : NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new IllegalStateException("no value: " + parser.currentToken());
        };
    }

    private static ObjectNode table(JsonParser parser) {
        ObjectNode table = NODES.objectNode();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            table.set(key, node(parser));
        }
        return table;
    }

    private static ArrayNode array(JsonParser parser) {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(node(parser));
        }
        return array;
    }

    private static JsonNode integer(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }
}
