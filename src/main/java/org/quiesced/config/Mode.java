// SPDX-License-Identifier: Apache-2.0
package org.quiesced.config;

/** The default for supported devices that are not configured otherwise. */
public enum Mode {
    /**
     * Devices are shut down one after the other, except for those of drivers that are opted in, which are shut down in
     * parallel.
     */
    SAFE,
    /** Devices are shut down in parallel unless they are opted out. */
    ON,
    /** No device is touched. */
    OFF;

    /** Returns the configuration's word for the mode. */
    public String word() {
        return Values.word(this);
    }
}
