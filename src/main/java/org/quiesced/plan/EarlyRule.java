// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.quiesced.config.Early;
import org.quiesced.device.Device;
import org.quiesced.kernel.Phase;
import org.quiesced.kernel.Verb;
import org.quiesced.method.Target;

/**
 * Which devices may go down in the early phase, as the key {@code early} says. Processes still run then, and not all that they do with a disk can
 * be seen; so by default a device needs evidence: each of its disks had a visible exclusive user when the shutdown began. Its claim tells later
 * whether that user has released it.
 *
 * @param early the value of the key
 * @param verb what the machine is about to do
 * @param hadUser whether a disk had a visible exclusive user when the shutdown began
 */
public record EarlyRule(Early early, Verb verb, Predicate<Device> hadUser)
        implements Function<Target, Optional<Reason>> {
    /** Returns why a device waits for the late phase, or nothing if it may go down in the early one once its disks are free. */
    @Override
    public Optional<Reason> apply(Target target) {
        return switch (early) {
            case FREE -> Optional.empty();
            case NEVER -> Optional.of(new Reason.OtherPhase(Phase.EARLY, verb));
            case RELEASED -> isReleased(target) ? Optional.empty() : Optional.of(new Reason.NotReleased());
        };
    }

    /** A device without disks has nothing that anybody could release. */
    private boolean isReleased(Target target) {
        return !target.disks().isEmpty() && target.disks().stream().allMatch(hadUser);
    }
}
