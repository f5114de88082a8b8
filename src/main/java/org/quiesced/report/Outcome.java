// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.quiesced.method.Ending;
import org.quiesced.run.Timeline;

/** What became of a device in a shutdown. In JSON it is its name in lower case. */
public enum Outcome {
    /** It is down, and has confirmed it. */
    DOWN,
    /** Its cache is written and its driver is gone, but the disk did not stop. */
    NOT_STOPPED,
    /** It was disconnected, and not notified, for its target does not answer. */
    NOT_NOTIFIED,
    /** Its driver is gone, or it was notified, and it did not confirm its shutdown in time. */
    UNCONFIRMED,
    /** It was left to the kernel's own walk. */
    KERNEL,
    /** Its shutdown had begun when the record ends. */
    IN_FLIGHT,
    /** Its shutdown had not begun when the record ends: the rest of the record was not carried over the restart. */
    UNKNOWN;

    /** Returns the outcome as JSON has it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether we shut the device down: it lost its driver by us, or was notified by us. */
    public boolean isOurs() {
        return isDown() || this == NOT_NOTIFIED || this == UNCONFIRMED;
    }

    /** Returns whether the device is down, stopped or not, and was notified. */
    public boolean isDown() {
        return this == DOWN || this == NOT_STOPPED;
    }

    /** Returns the outcome of a device whose shutdown by us has ended. */
    public static Outcome of(Ending ending) {
        if (!ending.isConfirmed()) {
            return UNCONFIRMED;
        }
        if (ending instanceof Ending.Unreached) {
            return NOT_NOTIFIED;
        }
        return ending.shortcoming().isEmpty() ? DOWN : NOT_STOPPED;
    }

    /** Returns the outcome of a device in a run. */
    static Outcome of(Timeline.Outcome outcome) {
        return outcome.leftBecause().isPresent()
                ? KERNEL
                : outcome.ending().map(Outcome::of).orElse(UNCONFIRMED);
    }
}
