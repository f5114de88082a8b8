// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern for names in the syntax of shells: {@code *} matches any characters, {@code ?} one character, {@code [abc]}
 * one of these.
 */
final class Glob {
    private final Pattern pattern;

    /**
     * Parses a glob.
     *
     * @throws IllegalArgumentException if a bracket is not closed, or a range in one is reversed
     */
    Glob(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '[') {
                int end = glob.indexOf(']', i + 2);
                if (end < 0) {
                    throw new IllegalArgumentException("bracket not closed in the glob \"" + glob + "\"");
                }
                String set = glob.substring(i + 1, end);
                boolean negated = set.startsWith("!");
                // Escape what is special in a character class of Java but not of a shell.
                String escaped = set.substring(negated ? 1 : 0).replaceAll("[\\\\\\[&^]", "\\\\$0");
                regex.append(negated ? "[^" : "[").append(escaped).append(']');
                i = end;
            } else {
                regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
            }
        }
        try {
            pattern = Pattern.compile(regex.toString());
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("bad range of characters in the glob \"" + glob + "\"", e);
        }
    }

    boolean matches(String name) {
        return pattern.matcher(name).matches();
    }
}
