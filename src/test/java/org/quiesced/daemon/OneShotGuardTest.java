// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.Configs;
import org.quiesced.guard.Threads;
import org.quiesced.host.simulated.SimulatedSysRq;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.oneshot.OneShot;
import org.quiesced.plan.Planner;
import org.quiesced.shutdown.Verb;

@Timeout(60)
class OneShotGuardTest {
    private final MachineBuilder builder = new MachineBuilder("one device");
    private final SimulatedSysRq sysRq = new SimulatedSysRq();

    private static Config config(String lastResort) throws ConfigException {
        return Configs.FILES.parse("quiesced.toml", """
                last_resort = "%s"
                [driver.slow]
                method = "unbind"
                shutdown = "parallel"
                timeout = "1s"
                """.formatted(lastResort));
    }

    private OneShot oneShot(String lastResort) throws ConfigException {
        Config config = config(lastResort);
        Machine machine = builder.build();
        SimulatedKernel kernel = SimulatedKernel.inRealTime(machine);
        CheckedRun.addMachineAtWork(
                machine, kernel, Planner.assumingFree(config).plan(machine.tree()), Verb.REBOOT);
        return new OneShot(kernel, kernel.workers(), config, Verb.REBOOT);
    }

    @Test
    void guardForcesARestartWhenADriverIsStuck() throws Exception {
        builder.fault(builder.device("/devices/pci", "0000:03:00.0", "pci", "slow"), Fault.HANGS);
        OneShot oneShot = oneShot("1s");
        oneShot.run(Duration.ofSeconds(1));
        new Threads(() -> false).start("wait", () -> oneShot.awaitUnfinished(sysRq));

        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(50);
        while (!sysRq.calls().contains("restart")) {
            assertThat(System.nanoTime())
                    .as("reached within the time limit of the test")
                    .isLessThan(end);
            Thread.sleep(20);
        }
        assertThat(sysRq.calls().get(0)).startsWith("say 0000:03:00.0: the driver is stuck, 1.00s after");
    }

    @Test
    void guardEndsWhenAllWorkHasEnded() throws Exception {
        builder.device("/devices/pci", "0000:03:00.0", "pci", "slow");
        OneShot oneShot = oneShot("1s");
        assertThat(oneShot.run(Duration.ofSeconds(5)).isGood()).isTrue();

        oneShot.awaitUnfinished(sysRq);

        assertThat(sysRq.calls()).isEmpty();
    }

    @Test
    void guardDoesNotWaitForWorkThatNeverBegan() throws Exception {
        oneShot("off").awaitUnfinished(sysRq);

        assertThat(sysRq.calls()).isEmpty();
    }
}
