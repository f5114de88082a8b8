// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import java.util.Set;
import java.util.stream.Collectors;
import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;

/** A look at the visible exclusive users of all disks of the devices that a plan shuts down. */
public final class DiskLook {
    private DiskLook() {}

    /** Returns the paths of the disks that have a visible user now. Opens no disk. */
    public static Set<String> usedOf(Plan plan, BlockClaims claims) {
        return plan.dispositions().stream()
                .filter(Disposition.Handled.class::isInstance)
                .flatMap(handled -> ((Disposition.Handled) handled).target().disks().stream())
                .distinct()
                .filter(disk -> claims.userOf(disk).isPresent())
                .map(Device::path)
                .collect(Collectors.toUnmodifiableSet());
    }
}
