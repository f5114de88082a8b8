// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.MachineFile;
import tools.jackson.databind.JsonNode;

/** A time that a machine file lacks is unknown, in each verb, and not zero. */
class UnknownTimesTest {
    private static final String REASON = "unknown, because no drive reports its shutdown time, and none was measured.";

    @TempDir
    private Path directory;

    /** A machine with two drives, and one that is left to the kernel; no time is known. */
    private String none;

    /** The same machine, of which one drive has a time. */
    private String some;

    @BeforeEach
    void writeMachines() throws IOException {
        MachineBuilder builder = new MachineBuilder("unmeasured");
        String known = builder.nvme("/devices/pci0000:00", "0000:01:00.0", Duration.ofSeconds(2));
        builder.nvme("/devices/pci0000:00", "0000:02:00.0", Duration.ofSeconds(3));
        String used = builder.nvme("/devices/pci0000:00", "0000:03:00.0", Duration.ofSeconds(4));
        builder.inUse(used, "held by dm-0");
        Machine machine = builder.build();
        none = file(machine, Map.of());
        some = file(machine, Map.of(known, Duration.ofSeconds(2)));
    }

    private String file(Machine machine, Map<String, Duration> latencies) throws IOException {
        Path file = directory.resolve("machine-" + latencies.size() + ".json");
        Machine described = new Machine(
                machine.name(),
                machine.kernelRelease(),
                machine.tree(),
                machine.uses(),
                machine.openers(),
                new HashMap<>(latencies),
                machine.faults(),
                machine.parameters());
        Files.writeString(file, MachineFile.of(described).toJson(true));
        return "--machine=" + file;
    }

    private static List<String> lines(String... arguments) {
        return Command.run(arguments).lines();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "time", "blame", "report", "plot", "critical-chain", "simulate"})
    void eachVerbSaysWhyNoTimeIsKnown(String verb) {
        Command command = Command.run(verb, none);

        assertThat(command.code()).isZero();
        assertThat(command.out()).contains(REASON.substring(0, REASON.length() - 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"time", "blame", "simulate"})
    void anUnknownTimeIsNotShownAsZero(String verb) {
        assertThat(Command.run(verb, none).out()).doesNotContain("0ms").doesNotContain("0.000 s");
    }

    @Test
    void timeOfAMachineWithoutTimesIsNull() {
        JsonNode time = Command.run("time", none, "--json").json();

        assertThat(time.get("took").isNull()).isTrue();
        assertThat(time.get("drivesTook").isNull()).isTrue();
        assertThat(time.get("saved").isNull()).isTrue();
        assertThat(time.get("parts")).isEmpty();
        assertThat(time.get("unknown").asInt()).isEqualTo(3);
        assertThat(lines("time", none))
                .containsExactly(
                        "Simulated shutdown (reboot): its duration is " + REASON,
                        "2 of 3 drives down, 1 left to the kernel.",
                        "Left to the kernel: nvme2 (time unknown): in use: held by dm-0.");
    }

    @Test
    void blameListsDevicesWhoseTimeIsUnknownLast() {
        List<String> lines = lines("blame", some);
        List<String> rows = lines.subList(lines.indexOf("") + 1, lines.size());

        assertThat(rows.get(1)).startsWith("  2.00s").contains("0000:01:00.0");
        assertThat(rows.subList(2, 4)).allMatch(row -> row.startsWith("unknown"));
        assertThat(rows).last().isEqualTo("Not counted: 2 that do not report their times.");
        for (JsonNode device : Command.run("blame", none, "--json").json()) {
            assertThat(device.get("start").isNull()).isTrue();
        }
    }

    @Test
    void simulationOfAMachineWithoutTimesHasNoTotals() {
        JsonNode simulation = Command.run("simulate", none, "--json").json();

        assertThat(simulation.get("totals").isNull()).isTrue();
        assertThat(simulation.at("/run/took").isNull()).isTrue();
        assertThat(simulation.at("/run/devices/0/end").isNull()).isTrue();
        assertThat(simulation.get("unknown").asInt()).isEqualTo(3);
        assertThat(Command.run("simulate", none).out())
                .contains("is down, its time is unknown")
                .doesNotContain("speedup")
                .doesNotContain("no device left to wait for");
    }

    @Test
    void aTimeThatLacksSomeDevicesCountsThem() {
        String notCounted = "Not counted: 2 that do not report their times.";

        assertThat(lines("time", some))
                .startsWith(
                        "Simulated shutdown (reboot) took 2.00s: 2.00s (devices).",
                        "2 of 3 drives down in 2.00s, 1 left to the kernel.",
                        notCounted);
        assertThat(lines("simulate", some)).contains(notCounted);
        assertThat(Command.run("simulate", some).out())
                .contains("the kernel then takes an unknown time for the rest.")
                .contains("speedup: 1.0x (stock 2.00s, quiesced 2.00s, slowest drive 2.00s)");
        assertThat(lines("plan", some)).last().asString().endsWith("Not counted: 1 that does not report its time.");
    }

    /** At a reboot the disks of sas-60 are flushed, and not stopped. */
    @Test
    void aKnownTimeOfZeroIsAlmostNone() {
        assertThat(lines("plan", "sas-60")).last().asString().startsWith("Expected time at reboot: almost none");
        assertThat(lines("time", "sas-60"))
                .containsExactly(
                        "Simulated shutdown (reboot) took almost no time.", "60 of 60 drives down in almost no time.");
        assertThat(lines("simulate", "sas-60", "--verb=reboot"))
                .contains("At reboot, the kernel alone would take almost no time, one device after the other.");
    }

    @Test
    void simulationNamesItsVerb() {
        assertThat(lines("simulate", "sas-60"))
                .contains("At poweroff, the kernel alone would take 6min, one device after the other.");
        assertThat(Command.run("simulate", "--help").out()).contains("by default poweroff");
    }

    @Test
    void recordOfASimulationKeepsThatItsTimesAreUnknown() throws IOException {
        Path record = directory.resolve("record.json");
        Files.writeString(record, Command.run("report", none, "--json").out());

        assertThat(lines("time", "--shutdown=" + record)).isEqualTo(lines("time", none));
    }
}
