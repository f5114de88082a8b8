// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

import java.util.List;
import org.quiesced.device.DeviceTree;
import org.quiesced.plan.DependencyGraph;
import org.quiesced.plan.Plan;

/** Plans that are deliberately wrong. */
public final class Tampering {
    private Tampering() {}

    /** Returns a plan that ignores device links. */
    public static Plan withoutLinks(Plan plan) {
        return new Plan(
                plan.tree(),
                plan.types(),
                new DependencyGraph(DeviceTree.of(plan.tree().devices(), List.of())),
                plan.walk(),
                plan.dispositions(),
                plan.cycles());
    }
}
