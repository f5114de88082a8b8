// SPDX-License-Identifier: Apache-2.0
package org.quiesced.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.simulated.BuiltInMachines;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Planner;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;

/** The hook returns once the kernel waits for all remaining work, and not before. */
class HandoverTest {
    private static final Config ALL = Configs.config(Mode.ON, Map.of(), Map.of());

    private static Timeline run(Machine machine, Config config, Verb verb) {
        SimulatedKernel kernel = new SimulatedKernel(machine);
        CheckedRun run =
                CheckedRun.of(machine, kernel, Planner.assumingFree(config).plan(machine.tree()));
        run.late(verb, kernel, Duration.ofDays(1), event -> {});
        return run.execute();
    }

    private static Machine machine(String name) {
        return BuiltInMachines.byName(name).orElseThrow();
    }

    @Test
    void drivesThatEndWithTheirDriverStayInFlight() {
        Handover handover = Handover.of(run(machine("nvme-150"), ALL, Verb.REBOOT));

        assertThat(handover.at()).isZero();
        assertThat(handover.inFlight())
                .hasSize(150)
                .allSatisfy((device, end) ->
                        assertThat(end).isEqualTo(Duration.ofMillis(4_400).toNanos()));
    }

    /** The kernel does not wait for a stop that follows the removal of the driver. */
    @Test
    void hookWaitsForStopsOfDisks() {
        Timeline timeline = run(machine("sas-60"), ALL, Verb.POWEROFF);
        Handover handover = Handover.of(timeline);

        assertThat(handover.at()).isEqualTo(timeline.took().toNanos());
        assertThat(handover.inFlight()).isEmpty();
    }

    @Test
    void hookWaitsUntilTheLastDriveOfTheSerialLaneIsInFlight() {
        Config serial = Configs.config(Mode.SAFE, Map.of("nvme", Configs.settings(Settings.Shutdown.SERIAL)), Map.of());
        Handover handover = Handover.of(run(machine("cloud-2"), serial, Verb.REBOOT));

        assertThat(handover.at()).isEqualTo(Duration.ofMillis(110).toNanos());
        assertThat(handover.inFlight()).hasSize(1);
    }

    @Test
    void driveLeftToTheKernelIsNotInFlight() {
        MachineBuilder builder = new MachineBuilder("left");
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(3));
        builder.fault(builder.nvme("/devices/pci", "0000:02:00.0", Duration.ofSeconds(3)), Fault.IDENTIFY_FAILS);
        Handover handover = Handover.of(run(builder.build(), ALL, Verb.REBOOT));

        assertThat(handover.inFlight().keySet())
                .extracting(device -> device.name())
                .containsExactly("0000:01:00.0");
    }

    @Test
    void hookWithoutHandoverWaitsForTheRun() {
        Timeline timeline = run(machine("cloud-2"), ALL, Verb.REBOOT);

        assertThat(Handover.none(timeline))
                .isEqualTo(new Handover(timeline.took().toNanos(), Map.of()));
    }
}
