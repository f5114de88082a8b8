// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.Optional;
import org.quiesced.kernel.WalkMode;

/** Describes in words how the kernel's walk mode affects a shutdown. */
public final class KernelText {
    private KernelText() {}

    /**
     * Returns whether the kernel shuts devices down in parallel in a walk mode.
     *
     * @param walk the word of the mode
     */
    static boolean isParallel(String walk) {
        return walk.equals(WalkMode.ASYNCHRONOUS.word());
    }

    /**
     * Returns a sentence about the walk mode; empty for a serial walk.
     *
     * @param walk the word of the mode
     * @param handover whether the hook returns when all remaining devices are in flight
     */
    public static Optional<String> of(String walk, boolean handover) {
        String hook = handover
                ? "the hook returns when each drive is in flight."
                : "the hook still waits for the drives, because handover is false.";
        return Optional.of("This kernel shuts PCI and SCSI devices down in parallel itself (" + WalkMode.PARAMETER
                        + "); " + hook)
                .filter(sentence -> isParallel(walk));
    }
}
