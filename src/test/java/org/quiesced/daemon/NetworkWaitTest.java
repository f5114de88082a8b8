// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.method.DriveTypes;
import org.quiesced.method.Ending;
import org.quiesced.method.Target;
import org.quiesced.plan.Reason;
import org.quiesced.run.Event;
import org.quiesced.run.Removal;
import org.quiesced.shutdown.Verb;

/** The stop of the network waits until no controller over a fabric needs the network. */
class NetworkWaitTest {
    private static final Device ONE = controller("nvme0", "live");
    private static final Device OTHER = controller("nvme1", "live");

    private int over;
    private final NetworkWait wait = new NetworkWait(List.of(ONE, OTHER), () -> over++);

    private static Device controller(String name, String state) {
        return new Device(
                "/devices/virtual/nvme-fabrics/ctl/" + name,
                "nvme",
                false,
                Optional.of("nvme-tcp"),
                Map.of("state", state));
    }

    private static Event unbinding(Device found) {
        Target target = Target.of(
                found, new Storage(DeviceTree.of(List.of(found), List.of())), Optional.of(found), Settings.NONE);
        return new Event.Unbinding(
                found,
                0,
                new Removal(DriveTypes.SUPPORTED.of(found).orElseThrow().method(), target, Verb.REBOOT));
    }

    @Test
    void networkWaitEndsWhenEachControllerIsDownOrDeferred() {
        wait.accept(unbinding(ONE));
        wait.accept(new Event.Done(ONE, 0, new Ending.Down()));
        assertThat(over).isZero();

        wait.accept(new Event.Deferred(OTHER, 0, new Reason.Failed("it has failed"), Event.Awaited.UNMOUNTING));
        assertThat(over).isEqualTo(1);
    }

    @Test
    void networkWaitIgnoresControllersWithADeadTarget() {
        wait.accept(unbinding(controller("nvme0", "connecting")));
        wait.accept(new Event.LeftToKernel(OTHER, 0, new Reason.Failed("it has failed")));

        assertThat(over).isEqualTo(1);
    }

    @Test
    void endOfTheNetworkWaitIsReportedOnce() {
        for (int i = 0; i < 2; i++) {
            wait.accept(new Event.Done(ONE, 0, new Ending.Down()));
            wait.accept(new Event.Done(OTHER, 0, new Ending.Down()));
        }
        assertThat(over).isEqualTo(1);
    }

    @Test
    void networkWaitWithoutControllersIsOver() {
        assertThat(new NetworkWait(List.of(), () -> over++).isOver()).isTrue();
        assertThat(over).isEqualTo(1);
    }
}
