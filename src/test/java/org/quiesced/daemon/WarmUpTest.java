// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.config.Configs;
import org.quiesced.kernel.simulated.BuiltInMachines;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.log.Logging;
import org.quiesced.method.MadeUpDrive;
import org.quiesced.plan.KnownLatencies;
import org.quiesced.snapshot.Readers;
import org.quiesced.snapshot.Snapshot;

/** The warm-up executes the code of a shutdown: each of its devices goes down. */
class WarmUpTest {
    @TempDir
    private Path directory;

    @Test
    void warmUpShutsEachDeviceDown() throws Exception {
        SimulatedKernel kernel =
                new SimulatedKernel(BuiltInMachines.byName("cloud-2").orElseThrow());
        Snapshot snapshot = Readers.of(kernel).read(Configs.FILES.shipped(), KnownLatencies.none());

        assertThat(WarmUp.in(directory.resolve("warm-up"), snapshot, new Logging.NoLog())
                        .isWhole())
                .isTrue();
    }

    @Test
    void warmUpShutsDevicesOfANewTypeDown() throws Exception {
        SimulatedKernel kernel =
                new SimulatedKernel(BuiltInMachines.byName("cloud-2").orElseThrow());
        Snapshot snapshot = Readers.of(kernel, MadeUpDrive.TYPES).read(Configs.FILES.shipped(), KnownLatencies.none());

        assertThat(WarmUp.in(directory.resolve("warm-up"), snapshot, new Logging.NoLog())
                        .isWhole())
                .isTrue();
    }

    @Test
    @Timeout(60)
    void warmUpShutsEachDeviceDownWithHandover() throws Exception {
        SimulatedKernel kernel =
                new SimulatedKernel(BuiltInMachines.byName("cloud-2").orElseThrow());
        Snapshot snapshot = Readers.of(kernel)
                .read(Configs.FILES.parse("quiesced.toml", "mode = \"on\"\nhandover = true\n"), KnownLatencies.none());

        assertThat(WarmUp.in(directory.resolve("warm-up"), snapshot, new Logging.NoLog())
                        .isWhole())
                .isTrue();
    }

    /** Otherwise the first early phase of the daemon would execute cold code. */
    @Test
    void warmUpIncludesTheEarlyPhase() throws Exception {
        SimulatedKernel kernel =
                new SimulatedKernel(BuiltInMachines.byName("cloud-2").orElseThrow());
        Snapshot snapshot = Readers.of(kernel).read(Configs.FILES.shipped(), KnownLatencies.none());

        assertThat(WarmUp.in(directory.resolve("warm-up"), snapshot, new Logging.NoLog())
                        .downEarly())
                .isPositive();
    }

    @Test
    void warmUpOmitsADisabledEarlyPhase() throws Exception {
        SimulatedKernel kernel =
                new SimulatedKernel(BuiltInMachines.byName("cloud-2").orElseThrow());
        Snapshot snapshot = Readers.of(kernel)
                .read(
                        Configs.FILES.parse("quiesced.toml", "mode = \"on\"\nearly = \"never\"\n"),
                        KnownLatencies.none());

        assertThat(WarmUp.in(directory.resolve("warm-up"), snapshot, new Logging.NoLog()))
                .isEqualTo(new WarmUp.Result(true, 0));
    }
}
