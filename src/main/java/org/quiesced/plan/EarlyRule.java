// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.quiesced.config.Early;
import org.quiesced.device.Device;
import org.quiesced.method.Target;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/**
 * Which devices may go down in the early phase, as the key {@code early} says. Processes still run then, and not all
 * that they do with a disk can be seen; so by default a device needs evidence: when the shutdown began each of its
 * disks had a visible exclusive user, as a whole or on each of its partitions. A partition without one may have a user
 * that does not show. The disk's claim tells later whether the users have released it.
 *
 * @param early the value of the key
 * @param verb what the machine is about to do
 * @param hadUser whether a whole disk, or a partition, had a visible exclusive user of its own when the shutdown began
 */
public record EarlyRule(Early early, Verb verb, Predicate<Device> hadUser)
        implements Function<Target, Optional<Reason>> {
    /**
     * Returns why a device waits for the late phase, or nothing if it may go down in the early one once its disks are
     * free.
     */
    @Override
    public Optional<Reason> apply(Target target) {
        return switch (early) {
            case FREE -> Optional.empty();
            case NEVER -> Optional.of(new Reason.OtherPhase(Phase.EARLY, verb));
            case RELEASED -> notReleased(target).map(Reason.NotReleased::new);
        };
    }

    /** A device without disks has nothing that anybody could release. */
    private Optional<String> notReleased(Target target) {
        return target.disks().isEmpty()
                ? Optional.of("it")
                : target.disks().stream()
                        .flatMap(disk -> withoutUser(disk, target.partitionsOf(disk), hadUser))
                        .map(Device::name)
                        .findFirst();
    }

    /** Returns the parts of a disk without a user: itself, or if it has partitions, those of them. */
    static Stream<Device> withoutUser(Device disk, List<Device> partitions, Predicate<Device> hasUser) {
        if (hasUser.test(disk)) {
            return Stream.empty();
        }
        return partitions.isEmpty() ? Stream.of(disk) : partitions.stream().filter(hasUser.negate());
    }
}
