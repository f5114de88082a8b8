// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;

/** Time limits of the driver, and its clamping of reported times. */
class NvmeLimitsTest {
    private static NvmeLimits of(String name, String value) {
        return NvmeLimits.of(new SimulatedKernel(new MachineBuilder("limits")
                        .parameter("nvme_core", name, value)
                        .build())
                .drivers());
    }

    private static NvmeLimits withShutdown(long seconds) {
        return new NvmeLimits(NvmeLimits.DEFAULT.admin(), NvmeLimits.DEFAULT.io(), Duration.ofSeconds(seconds));
    }

    @Test
    void limitsAreTheDriversDefaultsWithoutParameters() {
        SimulatedKernel kernel = new SimulatedKernel(new MachineBuilder("limits").build());

        assertThat(NvmeLimits.of(kernel.drivers())).isEqualTo(NvmeLimits.DEFAULT);
    }

    /** The driver waits that long for a target to complete its shutdown. */
    @Test
    void networkIsHeldUpForAsLongAsTheDriverWaits() throws IOException {
        long tenths = NvmeLimits.DEFAULT.shutdown().toMillis() / 100;

        assertThat(Files.readString(Path.of("packaging/bin/early"))).contains("$tenths -lt " + tenths + " ]");
    }

    @Test
    void nonNumericParameterIsIgnored() {
        assertThat(of("io_timeout", "thirty")).isEqualTo(NvmeLimits.DEFAULT);
    }

    @Test
    void limitIsAtMostAnHour() {
        NvmeLimits limits = of("io_timeout", "4294967295");

        assertThat(limits.io()).isEqualTo(Duration.ofHours(1));
        assertThat(limits.patience(1_000, Optional.empty())).isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @CsvSource({
        "5, 0.11, 5",
        "5, 5.9, 5",
        "5, 8, 8",
        "5, 8.9, 8",
        "5, 60, 60",
        "5, 75, 60",
        "20, 8, 20",
        "20, 25, 25",
        "90, 8, 60",
        "90, 75, 60"
    })
    void reportedTimeIsClampedAsByTheDriver(long parameter, double reported, long waits) {
        Duration time = Duration.ofNanos(Math.round(reported * 1e9));

        assertThat(withShutdown(parameter).shutdownWait(Optional.of(time))).isEqualTo(Duration.ofSeconds(waits));
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "20, 20", "90, 90"})
    void parameterCountsWithoutAReportedTime(long parameter, long waits) {
        assertThat(withShutdown(parameter).shutdownWait(Optional.empty())).isEqualTo(Duration.ofSeconds(waits));
    }

    @ParameterizedTest
    @CsvSource({"0.11, 0.11", "8, 8", "75, 60"})
    void expectedTimeIsTheReportedTimeUpToTheWaitOfTheDriver(double reported, double expected) {
        assertThat(NvmeLimits.DEFAULT.expected(Duration.ofNanos(Math.round(reported * 1e9))))
                .isEqualTo(Duration.ofNanos(Math.round(expected * 1e9)));
    }
}
