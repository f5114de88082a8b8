// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.quiesced.config.Early;
import org.quiesced.device.Device;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/**
 * Predicts the devices of a plan that are shut down in the early phase, from their present users and the key {@code
 * early}.
 */
public final class EarlyForecast {
    private EarlyForecast() {}

    /**
     * Returns the devices that will be shut down early. If a device waits for the late phase, so do all devices that it
     * depends on.
     *
     * @param plan a plan that foresees the releases of the disks
     */
    public static Set<Device> of(Plan plan, Early early, Verb verb) {
        Set<Device> found = new HashSet<>();
        ArrayDeque<Integer> late = new ArrayDeque<>();
        for (int i = 0; i < plan.dispositions().size(); i++) {
            if (plan.dispositions().get(i) instanceof Handled handled) {
                if (goesEarly(handled, early, verb)) {
                    found.add(plan.tree().get(i));
                } else {
                    late.add(i);
                }
            }
        }
        Set<Integer> seen = new HashSet<>(late);
        while (!late.isEmpty()) {
            for (int needed : plan.graph().needs(late.remove())) {
                if (seen.add(needed)) {
                    found.remove(plan.tree().get(needed));
                    late.add(needed);
                }
            }
        }
        return Set.copyOf(found);
    }

    /** Returns whether the device is a holder that {@link EarlyRule} will consider released. */
    private static boolean isReleasedHolder(Handled handled) {
        Device device = handled.target().device();
        return device.isHolder()
                && (EarlyRule.needsNoEvidence(device) || !handled.usedNow().isEmpty());
    }

    private static boolean goesEarly(Handled handled, Early early, Verb verb) {
        boolean isFreeByThen =
                handled.usedNow().stream().allMatch(use -> use.user().release() == Release.EARLY);
        boolean isReleased = isReleasedHolder(handled)
                || !handled.usedNow().isEmpty()
                        && handled.usedNow().size() == handled.target().disks().size()
                        && handled.usedNow().stream()
                                .allMatch(use -> use.unused().isEmpty());
        boolean needsNetwork = handled.method().needsNetwork();
        return handled.target().settings().isFor(Phase.EARLY, verb)
                && isFreeByThen
                && (early == Early.FREE || early == Early.RELEASED && (isReleased || needsNetwork));
    }
}
