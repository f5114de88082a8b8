// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.MachineFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The verbs "tree", "dot" and "explain" show a recorded shutdown with {@code --shutdown}. */
class RecordedPlanVerbsTest {
    @TempDir
    private Path directory;

    private String source = "";

    /** Records the shutdown of two drives, the second of which needs the first, and of a third that is in use. */
    @BeforeEach
    void record() throws IOException {
        MachineBuilder builder = new MachineBuilder("linked");
        String first = builder.nvme("/devices/pci0000:00", "0000:01:00.0", Duration.ofSeconds(1));
        String second = builder.nvme("/devices/pci0000:00", "0000:02:00.0", Duration.ofSeconds(2));
        builder.link(second, first, false);
        builder.inUse(builder.nvme("/devices/pci0000:00", "0000:03:00.0", Duration.ofSeconds(3)), "mounted on /");
        Path machine = directory.resolve("machine.json");
        Files.writeString(machine, MachineFile.of(builder.build()).toJson(true));
        Path file = directory.resolve("record.json");
        Files.writeString(
                file,
                Command.run("report", "--machine=" + machine, "--json=short").out());
        source = "--shutdown=" + file;
    }

    @Test
    void treeShowsTheOutcomeOfEachDevice() {
        assertThat(Command.run("tree", source).lines())
                .containsExactly(
                        "Simulated shutdown (reboot)",
                        "",
                        "DEVICE                DRIVER  OUTCOME  PHASE     AT   TIME  CONSUMERS             WHY",
                        "0000:01:00.0 (nvme0)  nvme    down     late   2.00s  1.00s  0000:02:00.0 (nvme1)  -",
                        "0000:02:00.0 (nvme1)  nvme    down     late     0ms  2.00s  -                     -",
                        "0000:03:00.0 (nvme2)  nvme    kernel   -      3.00s  3.00s  -                     nvme2n1 is in"
                                + " use: mounted on /");
        JsonNode first = Command.run("tree", source, "--json").json().at("/devices/0");
        assertThat(first.get("outcome").asString()).isEqualTo("down");
        assertThat(first.get("took").asDouble()).isEqualTo(1);
        assertThat(first.at("/consumers/0").asString()).isEqualTo("0000:02:00.0 (nvme1)");
    }

    @Test
    void graphHasTheDependenciesAndOutcomes() {
        assertThat(Command.run("dot", source).lines())
                .contains("\t\"/devices/pci0000:00/0000:01:00.0\" -> \"/devices/pci0000:00/0000:02:00.0\""
                        + " [style=dashed];")
                .anyMatch(line -> line.contains("nvme: down, late, 1.00s"))
                .anyMatch(line -> line.contains("nvme: kernel, 3.00s")
                        && line.contains("tooltip=\"left to the kernel: nvme2n1 is in use: mounted on /\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0000:01:00.0", "/sys/devices/pci0000:00/0000:01:00.0", "nvme0", "nvme0n1", "/dev/nvme0n1p2"})
    void explanationSaysWhatHappenedAndWhen(String name) {
        assertThat(Command.run("explain", name, source).lines())
                .containsExactly(
                        "0000:01:00.0 (nvme0)",
                        "   shutdown: reboot",
                        "    outcome: down after 1.00s in the late phase",
                        "       late: waited 2.00s for 0000:02:00.0 (nvme1), which depends on it",
                        "    planned: in parallel, expected to take 1.00s",
                        "     driver: nvme",
                        "         at: 2.00s: its shutdown began",
                        "             2.00s: its caches were written",
                        "             2.00s: the removal of its driver, or its notification, began",
                        "             3.00s: its shutdown ended",
                        " waited for: 0000:02:00.0 (nvme1), down at 2.00s");
    }

    @Test
    void explanationSaysWhyADriveWasLeft() {
        Command text = Command.run("explain", "nvme2", source);
        JsonNode json = Command.run("explain", "nvme2", source, "--json").json();

        assertThat(text.lines())
                .contains(
                        "    outcome: left to the kernel: nvme2n1 is in use: mounted on /",
                        "         at: 3.00s: the kernel's walk reached it",
                        "             6.00s: the kernel's walk left it");
        assertThat(json.get("outcome").asString()).isEqualTo("kernel");
        assertThat(json.get("reason").asString()).isEqualTo("in_use");
        assertThat(json.get("why").asString()).isEqualTo("nvme2n1 is in use: mounted on /");
        assertThat(json.get("took").asDouble()).isEqualTo(3);
    }

    @Test
    void explanationOfADeviceThatOnlyTheKernelsWalkNames() throws IOException {
        Path file = directory.resolve("record.json");
        ObjectNode record = (ObjectNode) JsonMapper.shared().readTree(Files.readString(file));
        record.putObject("walk")
                .put("count", 1)
                .putArray("devices")
                .addObject()
                .put("device", "0000:00:1f.2")
                .put("driver", "ahci")
                .put("from", 6.25)
                .put("to", 6.5);
        Files.writeString(file, record.toString());

        assertThat(Command.run("explain", "0000:00:1f.2", source).lines())
                .containsExactly(
                        "0000:00:1f.2",
                        "   shutdown: reboot",
                        "    outcome: left to the kernel",
                        "     driver: ahci",
                        "         at: 6.25s: the kernel's walk reached it",
                        "             6.50s: the kernel's walk left it");
    }

    @Test
    void unknownDeviceIsAnErrorWithAHint() {
        Command command = Command.run("explain", "nvme9", source);

        assertThat(command.code()).isEqualTo(1);
        assertThat(command.err()).contains("no device \"nvme9\" in this shutdown: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--machine=nvme-24", "--verb=reboot", "--kernel-walk=serial", "--config=/nowhere"})
    void optionsOfAPlanHaveNoPlaceBesideAShutdown(String option) {
        for (String verb : new String[] {"tree", "dot"}) {
            Command command = Command.run(verb, source, option);

            assertThat(command.code()).isEqualTo(1);
            assertThat(command.err()).contains("either --shutdown, or --machine, --verb");
        }
    }
}
