// SPDX-License-Identifier: Apache-2.0
package org.quiesced.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.quiesced.config.Config;
import org.quiesced.config.Early;
import org.quiesced.config.Mode;
import org.quiesced.config.Root;
import org.quiesced.device.Device;
import org.quiesced.host.simulated.SimulatedSysRq;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.run.Run;

/** A shutdown of two drives, one of which may be stuck, that the guard of last resort watches. */
abstract class GuardedShutdownTest {
    static final ForcedEnd.Waits SHORT = new ForcedEnd.Waits(
            Duration.ofSeconds(5), Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(300), Duration.ZERO);
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final MachineBuilder builder = new MachineBuilder("two drives");
    final SimulatedSysRq sysRq = new SimulatedSysRq();
    final List<Run.Unfinished> unfinished = new ArrayList<>();
    boolean atWork;
    boolean isUp;
    SimulatedKernel kernel;
    Plan plan;
    LastResort guard;
    Device stuck;

    @BeforeEach
    void twoDrives() {
        String first = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ZERO);
        builder.nvme("/devices/pci", "0000:02:00.0", Duration.ZERO);
        kernel = SimulatedKernel.inRealTime(builder.build());
        plan = Planner.assumingFree(Config.DEFAULT).plan(kernel.readTree());
        stuck = plan.tree().find(first).orElseThrow();
        guard = new LastResort(new ForcedEnd(kernel, kernel.workers(), sysRq, SHORT), () -> isUp, Duration.ofMillis(1));
        guard.watch(plan, () -> List.copyOf(unfinished), () -> atWork);
    }

    static Config config(Optional<Duration> lastResort, Optional<Duration> limit) {
        return new Config(
                Mode.SAFE,
                Config.DEFAULT_DEADLINE,
                Optional.empty(),
                Early.RELEASED,
                Root.AUTO,
                Set.of(),
                lastResort,
                limit,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Map.of());
    }

    static Config guarded() {
        return config(Optional.of(PATIENCE), Optional.empty());
    }

    void isOverdue(Duration since) {
        unfinished.clear();
        unfinished.add(new Run.Unfinished(stuck, since));
    }

    List<String> deeds() {
        return sysRq.calls().stream().filter(call -> !call.startsWith("say ")).toList();
    }

    void watchInTheBackground() {
        new Threads(() -> false).start("guard", guard::serve);
    }

    void untilDone(String deed) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!deeds().contains(deed)) {
            assertThat(System.nanoTime()).as("never: " + deed).isLessThan(end);
            Thread.sleep(2);
        }
    }
}
