// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

import java.util.regex.Pattern;

/** A pattern for names as shells have them: {@code *} stands for any characters, {@code ?} for one, {@code [abc]} for one of these. */
final class Glob {
    private final Pattern pattern;

    /**
     * Reads a glob.
     *
     * @throws IllegalArgumentException if a bracket is not closed
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
                String set = glob.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
                regex.append('[')
                        .append(set.startsWith("!") ? "^" + set.substring(1) : set)
                        .append(']');
                i = end;
            } else {
                regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
            }
        }
        pattern = Pattern.compile(regex.toString());
    }

    boolean matches(String name) {
        return pattern.matcher(name).matches();
    }
}
