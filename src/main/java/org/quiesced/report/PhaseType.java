// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The phase in which a device is expected to be shut down. The JSON form is the name in lower case. */
public enum PhaseType {
    /** While the system still stops. */
    EARLY,
    /** When the shutdown hooks run. */
    LATE,
    /** In the exitrd, when the root file system is unmounted. */
    EXITRD;

    /** Returns the JSON form. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
