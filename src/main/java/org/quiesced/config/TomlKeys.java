// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.HashMap;
import java.util.Map;

/**
 * Finds the places of keys in a text of valid TOML, for messages with line and column. Jackson's parser does not
 * provide them: see "Libraries" in facts.md.
 */
final class TomlKeys {
    /** A place in a text; line and column count from 1. */
    record Place(int line, int column) {}

    private final String text;
    private final Map<String, Place> places = new HashMap<>();
    private int at;

    private TomlKeys(String text) {
        this.text = text;
    }

    /** Returns the first place of each key and table, by dotted key without quotes. */
    static Map<String, Place> of(String text) {
        TomlKeys keys = new TomlKeys(text);
        keys.document();
        return Map.copyOf(keys.places);
    }

    private void document() {
        String table = "";
        for (skipBlank(true); at < text.length(); skipBlank(true)) {
            if (peek() == '[') {
                while (peek() == '[') {
                    at++;
                }
                table = key("");
                while (peek() == ']') {
                    at++;
                }
            } else {
                pair(table);
            }
        }
    }

    private void pair(String table) {
        String key = key(table);
        if (peek() == '=') {
            at++;
        }
        skipBlank(false);
        value(key);
    }

    /** Reads a dotted key and the blanks after it, and notes the place of each of its parts. */
    private String key(String prefix) {
        String key = prefix;
        do {
            if (peek() == '.') {
                at++;
            }
            skipBlank(false);
            Place place = here();
            String part = peek() == '"' || peek() == '\'' ? quoted() : bare();
            key = key.isEmpty() ? part : key + "." + part;
            places.putIfAbsent(key, place);
            skipBlank(false);
        } while (peek() == '.');
        return key;
    }

    private void value(String key) {
        char c = peek();
        if (c == '"' || c == '\'') {
            quoted();
        } else if (c == '{') {
            at++;
            for (skipBlank(true); peek() != '}' && at < text.length(); skipBlank(true)) {
                if (peek() == ',') {
                    at++;
                } else {
                    pair(key);
                }
            }
            at++;
        } else if (c == '[') {
            at++;
            for (skipBlank(true); peek() != ']' && at < text.length(); skipBlank(true)) {
                if (peek() == ',') {
                    at++;
                } else {
                    value(key);
                }
            }
            at++;
        } else {
            int start = at;
            while (at < text.length() && ",]}#\n".indexOf(peek()) < 0) {
                at++;
            }
            if (at == start) {
                at++;
            }
        }
    }

    private String bare() {
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(peek()) || peek() == '_' || peek() == '-')) {
            at++;
        }
        if (at == start) {
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted() {
        char quote = peek();
        String three = String.valueOf(quote).repeat(3);
        String end = text.startsWith(three, at) ? three : String.valueOf(quote);
        at += end.length();
        int start = at;
        while (at < text.length() && !text.startsWith(end, at)) {
            at += quote == '"' && peek() == '\\' ? 2 : 1;
        }
        String content = text.substring(start, Math.min(at, text.length()));
        at += end.length();
        return content;
    }

    private void skipBlank(boolean linesToo) {
        while (at < text.length()) {
            char c = peek();
            if (c == '#' && linesToo) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n' && linesToo) {
                at++;
            } else {
                return;
            }
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private Place here() {
        int line = 1;
        int lineStart = 0;
        for (int i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) {
            line++;
            lineStart = i + 1;
        }
        return new Place(line, at - lineStart + 1);
    }
}
