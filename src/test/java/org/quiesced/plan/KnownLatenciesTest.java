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
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;

/** Controllers are queried for their shutdown times once, when they are live. */
class KnownLatenciesTest {
    private static final Config CONFIG = Configs.config(Mode.ON, Map.of(), Map.of());
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final MachineBuilder builder = new MachineBuilder("latencies");
    private final String drive = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(8));
    private SimulatedKernel kernel;
    private Plan plan;

    private KnownLatencies ask(KnownLatencies known, long now) {
        if (kernel == null) {
            kernel = new SimulatedKernel(builder.build());
            plan = Planner.assumingFree(CONFIG).plan(kernel.readTree());
        }
        return known.renew(plan, kernel, now);
    }

    private Device device(String path) {
        return kernel.readTree().find(path).orElseThrow();
    }

    @Test
    void eachControllerIsQueriedOnce() {
        builder.nvme("/devices/pci", "0000:02:00.0", Duration.ofSeconds(3));
        KnownLatencies first = ask(KnownLatencies.none(), 0);
        KnownLatencies second = ask(first, 1_000 * MINUTE);

        assertThat(second.of(device(drive))).contains(Duration.ofSeconds(8));
        assertThat(second.isIncompleteFor(plan)).isFalse();
        assertThat(kernel.identifications()).isEqualTo(2);
    }

    @Test
    void onlyControllersAreQueried() {
        builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(6));
        kernel = new SimulatedKernel(builder.build());
        plan = Planner.assumingFree(CONFIG).plan(kernel.readTree());
        KnownLatencies known = KnownLatencies.ask(plan, kernel);

        assertThat(known.of(device(drive))).contains(Duration.ofSeconds(8));
        assertThat(known.isIncompleteFor(plan)).as("no disk will answer").isFalse();
    }

    @Test
    void controllerIsNotQueriedUntilItIsLive() throws IOException {
        builder.attribute(drive + "/nvme/nvme0", "state", "resetting");
        KnownLatencies first = ask(KnownLatencies.none(), 0);

        assertThat(kernel.identifications()).isZero();
        assertThat(first.isIncompleteFor(plan)).isTrue();

        kernel.attributes().write(device(drive + "/nvme/nvme0"), "state", "live");
        assertThat(ask(first, 1).of(device(drive))).contains(Duration.ofSeconds(8));
    }

    @Test
    void failedQueryIsRepeatedAfterTenMinutes() {
        builder.fault(drive, Fault.IDENTIFY_FAILS);
        KnownLatencies first = ask(KnownLatencies.none(), 100 * MINUTE);
        KnownLatencies second = ask(first, 109 * MINUTE);

        assertThat(second.of(device(drive))).isEmpty();
        assertThat(kernel.identifications())
                .as("no second query within ten minutes")
                .isEqualTo(1);
        ask(second, 110 * MINUTE);
        assertThat(kernel.identifications()).isEqualTo(2);
    }

    @Test
    void latencyIsLimitedByTheWaitOfTheDriver() {
        builder.latency(drive, Duration.ofSeconds(90));

        assertThat(ask(KnownLatencies.none(), 0).of(device(drive))).contains(Duration.ofSeconds(60));
    }
}
