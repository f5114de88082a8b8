// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;

/** A device whose planned disks are missing does not count as a device without disks. */
class PlannedDiskClaimsTest {
    private final MachineBuilder builder = new MachineBuilder("claims");
    private final String path = builder.device("/devices", "virtio0", "virtio", "virtio_blk");
    private final String other = builder.device("/devices", "virtio1", "virtio", "virtio_blk");

    private static Target target(SimulatedKernel kernel, String path, String disk) {
        return new Target(
                kernel.readTree().find(path).orElseThrow(),
                List.of(new Device(disk, "block", false, Optional.empty(), Map.of())),
                List.of(),
                Optional.empty(),
                Settings.NONE,
                Optional.empty());
    }

    @Test
    void plannedDiskMissingBelowItsDeviceIsAnError() {
        builder.classDevice(other + "/block/vda", "block", Map.of());
        SimulatedKernel kernel = new SimulatedKernel(builder.build());

        assertThatThrownBy(() -> DiskClaims.of(target(kernel, path, other + "/block/vda"), kernel))
                .isInstanceOf(IOException.class)
                .hasMessage("vda: cannot be found below its device");
    }

    @Test
    void vanishedDiskOfThePlanIsIgnored() throws IOException {
        builder.classDevice(other + "/block/vda", "block", Map.of());
        SimulatedKernel kernel = new SimulatedKernel(builder.build());
        Target target = target(kernel, path, other + "/block/vda");
        kernel.drivers().unbind(kernel.readTree().find(other).orElseThrow());

        try (DiskClaims claims = DiskClaims.of(target, kernel)) {
            assertThat(claims.disks()).isEmpty();
        }
    }
}
