// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where in a shutdown a device goes down, as far as it can be foreseen. In JSON it is its name in lower case. */
public enum PhaseType {
    /** While the system still stops. */
    EARLY,
    /** When the shutdown hooks run. */
    LATE,
    /** In the exitrd, when the root file system is unmounted. */
    EXITRD;

    /** Returns the phase as JSON has it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
