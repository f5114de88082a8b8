// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

/** What text says at a glance, on a terminal with colours. The codes are those of systemd's tools. */
public enum Style {
    /** Ordinary text. */
    PLAIN(""),
    /** The head of a table: underlined. */
    HEAD("\u001b[0;4m"),
    /** A good state: green. */
    GOOD("\u001b[0;1;32m"),
    /** A warning: yellow. */
    WARNING("\u001b[0;1;33m"),
    /** A failure: red. */
    BAD("\u001b[0;1;31m");

    private static final String RESET = "\u001b[0m";

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** Returns a text with the codes of the style around it. */
    String applied(String text) {
        return this == PLAIN || text.isEmpty() ? text : code + text + RESET;
    }
}
