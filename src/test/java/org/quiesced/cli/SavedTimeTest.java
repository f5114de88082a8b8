// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the verbs say of a simulated shutdown, above all the time saved, is what the simulation says. */
class SavedTimeTest {
    @TempDir
    private Path directory;

    private static Command run(String verb, List<String> source, String... more) {
        return Command.run(Stream.of(Stream.of(verb), source.stream(), Stream.of(more))
                .flatMap(words -> words)
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvme-24", "sas-60", "cloud-2"})
    void whatIsSavedIsTheDifferenceOfTheSimulatedShutdowns(String machine) throws IOException {
        for (String text : List.of("", "[driver.nvme]\nshutdown = \"serial\"\n", "mode = \"safe\"\n")) {
            Path config = Files.writeString(directory.resolve("saved.toml"), text);
            List<String> options = List.of(machine, "--verb=poweroff", "--config=" + config);
            JsonNode totals = run("simulate", options, "--json").json().get("totals");

            assertThat(run("time", options, "--json").json().get("saved").asDouble())
                    .as(text)
                    .isEqualTo(
                            totals.get("stock").asDouble()
                                    - totals.get("quiesced").asDouble(),
                            within(1e-3));
        }
    }

    @Test
    void aShutdownThatReachesItsDeadlineMayTakeLongerThanTheKernel() throws IOException {
        Path serial = Files.writeString(directory.resolve("serial.toml"), "[driver.nvme]\nshutdown = \"serial\"\n");
        List<String> options = List.of("nvme-24", "--verb=reboot", "--config=" + serial);

        assertThat(run("time", options).lines())
                .contains(
                        "The deadline was reached: 7 drives left to the kernel because of it.",
                        "The shutdown took about 3.50s longer than by the kernel alone.");
        assertThat(run("time", options, "--json").json().get("saved").asDouble())
                .isEqualTo(-3.5, within(1e-3));
        assertThat(run("simulate", options).out()).contains("speedup: 0.97x (stock 1min 48.22s, quiesced 1min 51.72s,");
    }

    @Test
    void drivesThatTheKernelShutDownWaitedForNoSerialLane() throws IOException {
        Path serial = Files.writeString(directory.resolve("serial.toml"), "[driver.nvme]\nshutdown = \"serial\"\n");

        assertThat(run("critical-chain", List.of("--machine=nvme-24", "--config=" + serial))
                        .lines())
                .filteredOn(line -> line.contains("(kernel)"))
                .hasSize(9)
                .noneMatch(line -> line.contains("serial lane"));
    }
}
