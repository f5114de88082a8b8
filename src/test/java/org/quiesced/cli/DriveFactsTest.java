// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.method.DriveType;
import org.quiesced.method.MadeUpDrive;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;

/** A capture queries each drive whose type allows it, and adds the attributes that the type derives from the answer. */
class DriveFactsTest {
    private final DriveFacts facts = ask();

    private static DriveFacts ask() {
        List<Device> devices = new ArrayList<>();
        for (DriveType type : MadeUpDrive.TYPES.all()) {
            devices.addAll(type.sample(1).devices());
        }
        Machine machine = new Machine(
                "one of each",
                "",
                DeviceTree.of(devices, List.of()),
                Map.of(),
                Map.of(),
                Map.of("/devices/pci0000:00/0000:01:00.0", Duration.ofSeconds(3)),
                Map.of(),
                Map.of());
        Plan plan = Planner.assumingFree(Configs.config(Mode.ON, Map.of(), Map.of()))
                .withTypes(MadeUpDrive.TYPES)
                .plan(machine.tree());
        return DriveFacts.ask(plan, new SimulatedKernel(machine));
    }

    @Test
    void shutdownTimesAreReadFromTheDevices() {
        assertThat(facts.latencies())
                .isEqualTo(Map.of(
                        "/devices/pci0000:00/0000:01:00.0",
                        Duration.ofSeconds(3),
                        "/devices/platform/1d84000.ufs",
                        MadeUpDrive.TIME));
    }

    @Test
    void attributesAreAddedToTheClassDevices() {
        assertThat(facts.attributes())
                .isEqualTo(Map.of(
                        "/devices/pci0000:00/0000:01:00.0/nvme/nvme1",
                        Map.of("volatile_write_cache", "1", "power_cycles", "1", "unsafe_shutdowns", "0"),
                        "/devices/platform/1d84000.ufs/ufs_made_up/ufs1",
                        Map.of("wear", "none")));
    }
}
