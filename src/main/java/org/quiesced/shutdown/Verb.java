// SPDX-License-Identifier: Apache-2.0
package org.quiesced.shutdown;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The verb of a shutdown, in the words that systemd-shutdown(8) passes to its hooks. */
public enum Verb {
    /** Turns the power off. */
    POWEROFF,
    /** Starts again through the firmware. */
    REBOOT,
    /** Stops and stays on. */
    HALT,
    /** Starts another kernel without the firmware. */
    KEXEC;

    /** Returns whether the machine may lose power, so that disks whose attributes request it are stopped. */
    public boolean stopsDisks() {
        return this == POWEROFF || this == HALT;
    }

    /** Returns systemd's word for the verb. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the verb for systemd's word. */
    public static Optional<Verb> ofWord(String word) {
        return Arrays.stream(values()).filter(verb -> verb.word().equals(word)).findFirst();
    }
}
