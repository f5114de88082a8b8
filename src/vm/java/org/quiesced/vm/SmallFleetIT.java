// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Small machines whose root file system is on a quick drive. Times are printed, not asserted. */
@Needs(
        cpus = 1,
        thorough = true,
        reason = "it measures what an exitrd costs on a small machine, which has one processor")
class SmallFleetIT extends ScenarioTest {
    SmallFleetIT() {
        super("small-fleet");
    }

    @Test
    void rootDriveGoesDownBesideTwoQuickDrives() throws IOException, InterruptedException {
        restartFromRoot("root+2x110ms", 2, 110);
    }

    @Test
    void rootDriveGoesDownBesideEightQuickDrives() throws IOException, InterruptedException {
        restartFromRoot("root+8x85ms", 8, 85);
    }

    private void restartFromRoot(String name, int count, int milliseconds) throws IOException, InterruptedException {
        String script = FleetIT.script(milliseconds);
        FleetIT.reportTimes(
                this,
                name + ", stock",
                boot(name + "/stock", nvmeRootAndData(image().root(), name + "/stock", count), Payload.stock(script)));
        for (String root : List.of("never", "auto")) {
            String step = name + "/" + root;
            Boot ours = boot(
                    step,
                    nvmeRootAndData(step, count),
                    Payload.quiesced(script, "root = \"" + root + "\"\n[driver.nvme]\nshutdown = \"parallel\"\n"));
            assertThat(ours.notifications()).hasSize(1 + count);
            FleetIT.reportTimes(this, name + ", root = " + root, ours);
        }
    }
}
