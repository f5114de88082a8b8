// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.quiesced.config.Early;
import org.quiesced.device.Device;
import org.quiesced.kernel.HolderKind;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.method.Target;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/**
 * Decides which devices may be shut down in the early phase, by the key {@code early}. Processes still run in that
 * phase, and some of their uses of disks are not visible. By default a device therefore needs evidence: each of its
 * disks had a visible exclusive user when the shutdown began, as a whole or on each of its partitions. A partition
 * without a visible user may have an invisible one. The claim on the disk later shows whether the users have released
 * it.
 *
 * @param early the value of the key
 * @param verb poweroff, reboot, halt or kexec
 * @param hadUser whether a whole disk, or a partition, had a visible exclusive user of its own when the shutdown began
 */
public record EarlyRule(Early early, Verb verb, Predicate<Device> hadUser)
        implements BiFunction<ShutdownMethod, Target, Optional<Reason>> {
    /**
     * Returns why a device waits for the late phase; empty if it may be shut down in the early phase once its disks are
     * free. A device that needs the network needs no evidence, because it cannot be shut down in the late phase.
     *
     * @param method the method of the device
     * @param target the device as planned, or as it is at present
     */
    @Override
    public Optional<Reason> apply(ShutdownMethod method, Target target) {
        return switch (early) {
            case FREE -> Optional.empty();
            case NEVER -> Optional.of(new Reason.OtherPhase(Phase.EARLY, verb));
            case RELEASED ->
                method.needsNetwork() ? Optional.empty() : notReleased(target).map(Reason.NotReleased::new);
        };
    }

    /** Returns the name of the first part without a user; that of the device itself if it has no disks. */
    private Optional<String> notReleased(Target target) {
        Device device = target.device();
        if (device.isHolder()) {
            return needsNoEvidence(device) || hadUser.test(device) ? Optional.empty() : Optional.of(device.name());
        }
        return target.disks().isEmpty()
                ? Optional.of(target.device().name())
                : target.disks().stream()
                        .flatMap(disk -> withoutUser(disk, target.partitionsOf(disk), hadUser))
                        .map(Device::name)
                        .findFirst();
    }

    /** Returns whether the kernel refuses to stop an open holder of this kind, so that it has no invisible openers. */
    static boolean needsNoEvidence(Device holder) {
        return HolderKind.of(holder).filter(HolderKind::refusesWhileOpen).isPresent();
    }

    /**
     * Returns the parts of a disk without a user: none if the disk itself has one; otherwise its partitions without a
     * user, or the disk if it has no partitions.
     */
    static Stream<Device> withoutUser(Device disk, List<Device> partitions, Predicate<Device> hasUser) {
        if (hasUser.test(disk)) {
            return Stream.empty();
        }
        return partitions.isEmpty() ? Stream.of(disk) : partitions.stream().filter(hasUser.negate());
    }
}
