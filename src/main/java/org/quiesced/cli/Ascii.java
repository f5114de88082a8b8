// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.util.List;

/** Replaces the characters of trees and of shortened text by those of ASCII, one by one. */
final class Ascii {
    private Ascii() {}

    /** Returns a line with the lines of a tree as of lsblk(8), and with a plus sign for an ellipsis, as of top(1). */
    static String of(String line) {
        return line.replace('├', '|')
                .replace('└', '`')
                .replace('│', '|')
                .replace('─', '-')
                .replace('…', '+');
    }

    /** Returns lines likewise. */
    static List<String> of(List<String> lines) {
        return lines.stream().map(Ascii::of).toList();
    }
}
