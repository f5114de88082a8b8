// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

/** The values of {@code --json}, as in systemd's tools. */
enum JsonMode {
    /** Indented. */
    PRETTY,
    /** On one line. */
    SHORT,
    /** No JSON. */
    OFF
}
