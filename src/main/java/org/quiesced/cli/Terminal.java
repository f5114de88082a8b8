// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Locale;
import java.util.Map;

/** The terminal that the output goes to, if it is one. */
interface Terminal {
    /** The output is a file or a pipe. */
    Terminal NONE = new Terminal() {
        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        @Override
        public boolean isThere() {
            return false;
        }

        @Override
        public int rows() {
            return Integer.MAX_VALUE;
        }

        @Override
        public int columns() {
            return Integer.MAX_VALUE;
        }
    };

    /** Returns the environment variables, some of which configure the output. */
    Map<String, String> environment();

    /** Returns the value of an environment variable; an empty string if it is not set. */
    default String variable(String name) {
        return environment().getOrDefault(name, "");
    }

    /** Returns whether the output is a terminal. */
    boolean isThere();

    /** Returns whether it is a terminal that understands control sequences. */
    default boolean isDrawnOn() {
        String type = variable("TERM");
        return isThere() && !type.isEmpty() && !type.equals("dumb");
    }

    /**
     * Returns whether text is encoded in UTF-8, by the locale. Without a locale it is, as in systemd's tools
     * ({@code is_locale_utf8} in {@code src/basic/locale-util.c}).
     */
    default boolean isUtf8() {
        for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            String locale = variable(name);
            if (!locale.isEmpty()) {
                return locale.toLowerCase(Locale.ROOT).replace("-", "").contains("utf8");
            }
        }
        return true;
    }

    /** Returns the number of rows. */
    int rows();

    /** Returns the number of columns. */
    int columns();
}
