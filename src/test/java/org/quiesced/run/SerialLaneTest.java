// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.simulated.MachineBuilder;

/** The serial lane starts one device at a time, the deepest first, and at equal depth the last discovered. */
class SerialLaneTest {
    private final MachineBuilder builder = new MachineBuilder("lane");
    private final String parent = builder.device("/devices", "parent", "platform", "ser");
    private final String first = builder.device(parent, "first", "platform", "ser");
    private final String second = builder.device(parent, "second", "platform", "ser");
    private final DeviceTree tree = builder.build().tree();
    private final SerialLane lane = new SerialLane(tree);

    private int index(String path) {
        return tree.indexOf(path);
    }

    private void addAll() {
        lane.add(index(parent));
        lane.add(index(first));
        lane.add(index(second));
    }

    @Test
    void deeperDevicesGoFirstThenTheLastDiscovered() {
        addAll();

        assertThat(lane.next()).hasValue(index(second));
        lane.end(index(second));
        assertThat(lane.next()).hasValue(index(first));
        lane.end(index(first));
        assertThat(lane.next()).hasValue(index(parent));
        lane.end(index(parent));
        assertThat(lane.next()).isEmpty();
    }

    @Test
    void nextIsEmptyUntilTheTakenDeviceHasEnded() {
        addAll();
        lane.next();

        assertThat(lane.next()).isEmpty();
        lane.end(index(first));
        assertThat(lane.next()).as("another device has ended").isEmpty();
        lane.end(index(second));
        assertThat(lane.next()).isPresent();
    }

    @Test
    void clearRemovesAllButTheTakenDevice() {
        addAll();
        lane.next();
        lane.clear();

        lane.end(index(second));
        assertThat(lane.next()).isEmpty();
        lane.add(index(parent));
        assertThat(lane.next()).hasValue(index(parent));
    }
}
