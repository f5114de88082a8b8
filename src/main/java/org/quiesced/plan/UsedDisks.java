// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.method.Target;

/** Finds the visible exclusive users of all disks and partitions of the devices that a plan shuts down. */
public final class UsedDisks {
    private UsedDisks() {}

    /**
     * Returns the paths of the disks and partitions that have a visible user of their own at present. Opens no disk.
     */
    public static Set<String> usedOf(Plan plan, BlockClaims claims) {
        VisibleUsers users = claims.visibleUsers();
        return plan.dispositions().stream()
                .filter(Disposition.Handled.class::isInstance)
                .map(handled -> ((Disposition.Handled) handled).target())
                .flatMap(UsedDisks::partsOf)
                .distinct()
                .filter(part -> users.ownOf(part).isPresent())
                .map(Device::path)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<Device> partsOf(Target target) {
        Stream<Device> disks = target.device().isHolder() ? Stream.of(target.device()) : target.disks().stream();
        return Stream.concat(disks, target.partitions().stream());
    }
}
