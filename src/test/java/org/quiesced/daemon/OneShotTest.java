// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Mode;
import org.quiesced.config.Say;
import org.quiesced.kernel.Verb;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.run.Timeline;

/** A shutdown in one go. */
class OneShotTest {
    private final MachineBuilder builder = new MachineBuilder("one-shot");

    private OneShot.Result run() throws IOException {
        return new OneShot(new SimulatedKernel(builder.build()), Say.config(Mode.ON, Map.of(), Map.of()), Verb.REBOOT)
                .run(Duration.ofSeconds(80));
    }

    @Test
    void eachDiskIsClaimedOnceWhichIsWhenItsTurnHasCome() throws IOException {
        String drive = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(2));
        // A second claim of this disk would fail.
        builder.fault(drive + "/nvme/nvme0/nvme0n1", Fault.MOUNTED_MEANWHILE);

        assertThat(run().timeline().outcomes()).singleElement().matches(Timeline.Outcome::isDown);
    }

    @Test
    void aDriveThatDidNotConfirmIsNotCountedAsDown() throws IOException {
        builder.fault(builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(5)), Fault.UNCONFIRMED);
        OneShot.Result result = run();

        assertThat(result.timeline().downCount()).isZero();
        assertThat(result.timeline().leftCount()).isZero();
        assertThat(result.timeline().unconfirmedCount()).isEqualTo(1);
    }
}
