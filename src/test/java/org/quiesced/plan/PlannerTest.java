// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;

/** Suspended devices and devices that are not running, in a plan. */
class PlannerTest {
    private static final Config CONFIG = Configs.config(Mode.ON, Map.of(), Map.of());

    private final MachineBuilder builder = new MachineBuilder("planner");
    private final String disk = builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(6));
    private final String drive = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(3));

    /** Opening such a disk may block for an unlimited time, or wake it up. */
    private static final BlockClaims UNTOUCHABLE = new BlockClaims() {
        @Override
        public Claim claim(Device disk) {
            throw new AssertionError(disk + " was opened");
        }

        @Override
        public VisibleUsers visibleUsers() {
            return VisibleUsers.NONE;
        }
    };

    private String whyLeft(String path) {
        DeviceTree tree = builder.build().tree();
        Plan plan = new Planner(CONFIG, UNTOUCHABLE).plan(tree);
        return ((Disposition.LeftToKernel) plan.of(tree.find(path).orElseThrow()))
                .reason()
                .describe();
    }

    private void makeTheOtherOneUnready(String path) {
        if (path.equals(disk)) {
            builder.attribute(drive + "/nvme/nvme0", "state", "dead");
        } else {
            builder.attribute(disk, "state", "offline");
        }
    }

    @Test
    void diskThatIsNotRunningIsLeftToTheKernelUnopened() {
        makeTheOtherOneUnready(disk);
        builder.attribute(disk, "state", "transport-offline");

        assertThat(whyLeft(disk)).isEqualTo("0:0:0:0 is transport-offline, not running");
    }

    @Test
    void suspendedDiskIsLeftToTheKernelUnopened() {
        makeTheOtherOneUnready(disk);
        builder.attribute(disk, "power/runtime_status", "suspended");

        assertThat(whyLeft(disk)).isEqualTo("0:0:0:0 is suspended, so there is nothing to do");
    }

    @Test
    void controllerThatIsNotLiveIsLeftToTheKernelUnopened() {
        makeTheOtherOneUnready(drive);
        builder.attribute(drive + "/nvme/nvme0", "state", "dead");

        assertThat(whyLeft(drive)).isEqualTo("nvme0 is dead, not live");
    }

    @Test
    void planMadeInAdvanceIgnoresStates() {
        builder.attribute(disk, "state", "offline").attribute(drive + "/nvme/nvme0", "state", "resetting");
        DeviceTree tree = builder.build().tree();
        Plan plan = Planner.assumingFree(CONFIG).plan(tree);

        assertThat(plan.count(Disposition.Lane.PARALLEL)).isEqualTo(2);
    }

    @Test
    void planByVisibleUsersReadsTheCurrentState() throws IOException {
        SimulatedKernel kernel = new SimulatedKernel(builder.build());
        Device device = kernel.readTree().find(disk).orElseThrow();
        Planner planner = Planner.byVisibleUsers(CONFIG, kernel.claims(), kernel.attributes(), DiskUser.Release.LATE);

        assertThat(planner.plan(kernel.readTree()).handles(device)).isTrue();
        kernel.attributes().write(device, "state", "offline");
        assertThat(planner.plan(kernel.readTree()).handles(device)).isFalse();
    }
}
