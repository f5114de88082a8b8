// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

/** How {@code --json} is written, as systemd's tools have it. */
enum JsonMode {
    /** For reading. */
    PRETTY,
    /** On one line. */
    SHORT,
    /** No JSON. */
    OFF
}
