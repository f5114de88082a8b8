// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.plan.Planner;

/** A run considers handled devices and devices that connect them, and no others. */
class PreparedPlanTest {
    private final MachineBuilder builder = new MachineBuilder("prepared");

    private String device(String parent, String name, String driver) {
        return builder.device(parent, name, "platform", driver);
    }

    private PreparedPlan prepared() {
        return new PreparedPlan(
                Planner.assumingFree(RandomMachine.CONFIG).plan(builder.build().tree()));
    }

    private static Stream<String> concerned(PreparedPlan prepared) {
        return Arrays.stream(prepared.concerned())
                .mapToObj(prepared.plan().tree()::get)
                .map(Device::name);
    }

    @Test
    void planWithoutHandledDevicesIsEmpty() {
        String bridge = device("/devices", "bridge", "ker");
        device(bridge, "port", "");

        assertThat(concerned(prepared())).isEmpty();
        assertThat(prepared().devices()).isEmpty();
    }

    @Test
    void handledDeviceWaitsOnlyForHandledDevices() {
        String parent = device("/devices", "parent", "par");
        String between = device(parent, "between", "");
        String child = device(between, "child", "ser");
        device(child, "part", "");

        PreparedPlan prepared = prepared();
        assertThat(concerned(prepared)).containsExactlyInAnyOrder("parent", "between", "child");
        assertThat(prepared.devices()).extracting(Device::name).containsExactly("parent", "child");
        assertThat(prepared.pending()[prepared.plan().tree().indexOf(child)])
                .as("its part has no driver and nothing below")
                .isZero();
        assertThat(prepared.pending()[prepared.plan().tree().indexOf(parent)]).isEqualTo(1);
    }

    @Test
    void deviceLeftToTheKernelEndsTheSearch() {
        String root = device("/devices", "root", "");
        String bridge = device(root, "bridge", "ker");
        device(bridge, "drive", "par");

        assertThat(concerned(prepared())).containsExactly("drive");
    }
}
