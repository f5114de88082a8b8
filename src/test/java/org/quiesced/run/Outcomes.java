// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import org.quiesced.plan.Reason;

/** Finds the outcomes of devices of a run. */
final class Outcomes {
    private Outcomes() {}

    /** Returns the outcome of the device with a name. */
    static Timeline.Outcome of(Timeline timeline, String device) {
        return timeline.outcomes().stream()
                .filter(outcome -> outcome.device().name().equals(device))
                .findFirst()
                .orElseThrow();
    }

    /** Returns why a device was left to the kernel. */
    static Reason whyLeft(Timeline timeline, String device) {
        return of(timeline, device).leftBecause().orElseThrow();
    }
}
