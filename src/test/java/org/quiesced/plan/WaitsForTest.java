// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.device.Device;
import org.quiesced.kernel.simulated.MachineBuilder;

/** A device waits for its nearest dependents with a driver, across any number of devices without one. */
class WaitsForTest {
    private final MachineBuilder builder = new MachineBuilder("waits");
    private final String port = builder.device("/devices/pci0000:00", "0000:00:01.0", "pci", "pcieport");

    private Plan plan() {
        return Planner.assumingFree(Configs.config(Mode.ON, Map.of(), Map.of()))
                .plan(builder.build().tree());
    }

    private List<String> waitsFor(String path) {
        Plan plan = plan();
        return plan.waitsFor(plan.tree().find(path).orElseThrow()).stream()
                .map(Device::name)
                .toList();
    }

    @Test
    void deviceWithoutDependentsWaitsForNothing() {
        assertThat(waitsFor(builder.nvme(port, "0000:01:00.0", Duration.ofSeconds(1))))
                .isEmpty();
    }

    @Test
    void portWaitsForTheDrivesBelowIt() {
        builder.nvme(port, "0000:01:00.0", Duration.ofSeconds(1));
        builder.nvme(port, "0000:01:00.1", Duration.ofSeconds(1));

        assertThat(waitsFor(port)).containsExactlyInAnyOrder("0000:01:00.0", "0000:01:00.1");
    }

    @Test
    void deviceWithoutADriverIsTransparent() {
        String host = builder.device(port, "host0", "scsi", "");
        builder.scsiDisk(host, "0:0:0:0", Duration.ofSeconds(1));

        assertThat(waitsFor(port)).containsExactly("0:0:0:0");
    }

    @Test
    void deviceWaitsForItsNearestBoundDependents() {
        String inner = builder.device(port, "0000:01:00.0", "pci", "pcieport");
        builder.nvme(inner, "0000:02:00.0", Duration.ofSeconds(1));

        assertThat(waitsFor(port)).containsExactly("0000:01:00.0");
        assertThat(waitsFor(inner)).containsExactly("0000:02:00.0");
    }

    @Test
    void consumerReachedByTwoPathsIsNamedOnce() {
        String bare = builder.device(port, "host0", "scsi", "");
        String disk = builder.scsiDisk(bare, "0:0:0:0", Duration.ofSeconds(1));
        builder.link(disk, port, false);

        assertThat(waitsFor(port)).containsExactly("0:0:0:0");
    }

    @Test
    void planCountsHandledDevicesInEachLane() {
        String drive = builder.nvme(port, "0000:01:00.0", Duration.ofSeconds(1));
        Plan plan = plan();

        assertThat(plan.count(Disposition.Lane.PARALLEL) + plan.count(Disposition.Lane.SERIAL))
                .isEqualTo(1);
        assertThat(plan.handles(plan.tree().find(drive).orElseThrow())).isTrue();
        assertThat(plan.handles(plan.tree().find(port).orElseThrow())).isFalse();
        assertThat(plan.driven()).extracting(Device::name).containsExactly("0000:00:01.0", "0000:01:00.0");
    }
}
