// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host;

/** The console, on which systemd shows the progress of a shutdown. */
@FunctionalInterface
public interface Console {
    /** Shows a line. Drops it if the console cannot take it at once; never throws. */
    void show(String line);
}
