// SPDX-License-Identifier: Apache-2.0
package org.quiesced.shutdown;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A phase of a shutdown, in which devices are shut down. */
public enum Phase {
    /** While the rest of the system still stops: the local file systems are unmounted by then. */
    EARLY,
    /** When systemd-shutdown(8) runs its hooks: all processes have ended, and md, LVM and LUKS are detached. */
    LATE;

    /** Returns the word for the phase in the configuration. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the phase for a word. */
    public static Optional<Phase> ofWord(String word) {
        return Arrays.stream(values())
                .filter(phase -> phase.word().equals(word))
                .findFirst();
    }
}
