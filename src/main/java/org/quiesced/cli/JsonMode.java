// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The values of {@code --json}, as in systemd's tools. */
enum JsonMode {
    /** Indented. */
    PRETTY,
    /** On one line. */
    SHORT,
    /** No JSON. */
    OFF;

    /** Returns the value for its word, in lower case. */
    static Optional<JsonMode> ofWord(String word) {
        return Arrays.stream(values())
                .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
    }
}
