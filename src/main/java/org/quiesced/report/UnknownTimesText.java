// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.Optional;

/** Describes times that are unknown. */
public final class UnknownTimesText {
    /** Why no time is known, to follow the name of what takes the time. */
    public static final String REASON = "unknown, because no drive reports its shutdown time, and none was measured";

    private UnknownTimesText() {}

    /** Returns a sentence about the devices that the known times lack; empty if there are none. */
    public static Optional<String> notCounted(long unknown) {
        return unknown == 0
                ? Optional.empty()
                : Optional.of("Not counted: " + unknown
                        + (unknown == 1 ? " that does not report its time." : " that do not report their times."));
    }
}
