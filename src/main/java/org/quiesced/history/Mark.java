// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A moment of a shutdown, in the order in which they come. In JSON it is its name in lower case. */
public enum Mark {
    /** systemd begins to stop units: {@code quiesced-stopping.service} is stopped, or the run began without that. */
    ASKED,
    /** The network is about to be stopped, and drives that need it go down. */
    NETWORK,
    /** The local file systems are unmounted, and the early phase begins. */
    EARLY,
    /** All units are stopped, and PID 1 is systemd-shutdown(8). */
    FINAL,
    /** systemd-shutdown(8) kills the last processes with SIGKILL. */
    KILL,
    /** systemd-shutdown(8) has unmounted what it can. */
    UNMOUNTED,
    /** The shutdown hook has asked, and the late phase begins. */
    LATE,
    /** The hook of the exitrd has asked. */
    EXITRD,
    /** The run has ended, or the hook handed over what is in flight. */
    END,
    /** The kernel's own walk over the devices is about to begin. */
    WALK,
    /** The machine restarts, halts or turns off, or the next kernel starts. */
    RESTART;

    /** Returns the mark as JSON has it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Mark> ofWord(String word) {
        return Arrays.stream(values()).filter(mark -> mark.word().equals(word)).findFirst();
    }
}
