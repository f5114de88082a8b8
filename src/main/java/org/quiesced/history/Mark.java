// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A point in time of a shutdown, in chronological order. The JSON form is the name in lower case. */
public enum Mark {
    /** systemd begins to stop units: {@code quiesced-stopping.service} is stopped, or the run began without it. */
    ASKED,
    /** The network is about to be stopped, and the shutdown of drives that need it begins. */
    NETWORK,
    /** The local file systems are unmounted, and the early phase begins. */
    EARLY,
    /** All units are stopped, and PID 1 is systemd-shutdown(8). */
    FINAL,
    /** systemd-shutdown(8) kills the last processes with SIGKILL. */
    KILL,
    /** systemd-shutdown(8) has unmounted the file systems that it could. */
    UNMOUNTED,
    /** The shutdown hook has sent its request, and the late phase begins. */
    LATE,
    /** The hook of the exitrd has sent its request. */
    EXITRD,
    /** The run has ended, or devices in flight were handed over to the kernel. */
    END,
    /** The kernel's walk over the devices is about to begin. */
    WALK,
    /** The machine restarts, halts or powers off, or the next kernel starts. */
    RESTART;

    /** Returns the JSON form. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Mark> ofWord(String word) {
        return Arrays.stream(values()).filter(mark -> mark.word().equals(word)).findFirst();
    }
}
