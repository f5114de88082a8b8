// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.util.Optional;
import org.quiesced.kernel.WalkMode;

/** Says in words what it means for a shutdown how the kernel walks. */
public final class KernelText {
    private KernelText() {}

    /** Returns whether a kernel that walks so shuts devices down in parallel itself. */
    static boolean isParallel(String walk) {
        return walk.equals(WalkMode.ASYNCHRONOUS.word());
    }

    /**
     * Returns a sentence; empty for a kernel that shuts down one device after the other.
     *
     * @param walk the word for how it walks
     * @param handover whether the hook returns when all that is left to do is in flight
     */
    public static Optional<String> of(String walk, boolean handover) {
        String hook = handover
                ? "the hook returns when each drive is on its way."
                : "the hook waits for the drives all the same, for handover is false.";
        return Optional.of("This kernel shuts PCI and SCSI devices down in parallel itself (" + WalkMode.PARAMETER
                        + "); " + hook)
                .filter(sentence -> isParallel(walk));
    }
}
