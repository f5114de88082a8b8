// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

/** The console, on which systemd shows how far a shutdown is. */
@FunctionalInterface
public interface Console {
    /** Shows a line, or drops it if the console does not take it at once. That it can't be shown is no error. */
    void show(String line);
}
