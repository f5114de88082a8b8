// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.quiesced.method.Ending;
import org.quiesced.run.Timeline;

/** The outcome of a device in a shutdown. The JSON form is the name in lower case. */
public enum Outcome {
    /** The device is down, and has confirmed its shutdown, unless its driver asks for no confirmation. */
    DOWN,
    /** Its cache is written and its driver is gone, but the disk did not stop. */
    NOT_STOPPED,
    /** The controller was disconnected but not notified, because its target does not answer. */
    NOT_NOTIFIED,
    /** Its driver is gone or it was notified, but it did not confirm its shutdown in time. */
    UNCONFIRMED,
    /** The device was left to the kernel's walk. */
    KERNEL,
    /** Its shutdown had begun but not ended when the record ends. */
    IN_FLIGHT,
    /** Its shutdown had not begun when the record ends: the rest of the record was not carried over the restart. */
    UNKNOWN;

    /** Returns the JSON form. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether quiesced removed its driver or notified it. */
    public boolean isOurs() {
        return isDown() || this == NOT_NOTIFIED || this == UNCONFIRMED;
    }

    /** Returns whether the device was notified and is down, stopped or not. */
    public boolean isDown() {
        return this == DOWN || this == NOT_STOPPED;
    }

    /** Returns the outcome of a device whose shutdown by quiesced has ended. */
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
