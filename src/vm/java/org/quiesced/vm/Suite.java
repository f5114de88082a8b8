// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.util.Locale;

/** The suites of Debian in which scenarios run, from the oldest to the newest. */
enum Suite {
    BULLSEYE,
    BOOKWORM,
    TRIXIE,
    SID;

    /** Returns whether a suite is this suite or newer. A suite that is not listed counts as newer than all. */
    boolean isReachedBy(String name) {
        for (Suite suite : values()) {
            if (suite.word().equals(name)) {
                return suite.compareTo(this) >= 0;
            }
        }
        return true;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
