// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.MachineFile;
import tools.jackson.databind.JsonNode;

/** The verbs "tree" and "dot", which show the same devices. */
class TreeCommandTest {
    @TempDir
    private Path directory;

    /**
     * Writes a machine with a network card and two drives behind a bridge, the second of which is a consumer of the
     * first by a device link. Returns the option that names the file.
     */
    private String machine() throws IOException {
        MachineBuilder builder = new MachineBuilder("linked \"one\"");
        String bridge = builder.device("/devices/pci0000:00", "0000:00:01.0", "pci", "pcieport");
        String first = builder.nvme(bridge, "0000:01:00.0", Duration.ofSeconds(1));
        String second = builder.nvme(bridge, "0000:02:00.0", Duration.ofSeconds(2));
        builder.device("/devices/pci0000:00", "0000:00:02.0", "pci", "e1000");
        builder.link(second, first, false);
        Path file = directory.resolve("linked.json");
        Files.writeString(file, MachineFile.of(builder.build()).toJson(true));
        return "--machine=" + file;
    }

    @Test
    void treeShowsTheDispositionOfEachDevice() throws IOException {
        assertThat(Command.run("tree", machine()).lines())
                .containsExactly(
                        "DEVICE                  DRIVER    DISPOSITION  PHASE   TIME  CONSUMERS             WHY",
                        "0000:00:01.0            pcieport  kernel       -          -  -                     no method for"
                                + " driver pcieport",
                        "├─0000:01:00.0 (nvme0)  nvme      parallel     late   1.00s  0000:02:00.0 (nvme1)  opted in",
                        "└─0000:02:00.0 (nvme1)  nvme      parallel     late   2.00s  -                     opted in");
    }

    /** A disk is stopped at a power-off, and only flushed at a reboot. */
    @ParameterizedTest
    @CsvSource({"poweroff, 6.0, 6.00s", "reboot, 0.0, 0ms"})
    void timeIsThatOfTheVerb(String verb, double seconds, String words) {
        String[] tree = {"tree", "--machine=sas-60", "--verb=" + verb};
        JsonNode plan =
                Command.run("plan", "sas-60", "--verb=" + verb, "--json").json();

        assertThat(Command.run(tree).lines())
                .filteredOn(line -> line.contains(" sd "))
                .hasSize(60)
                .allMatch(line -> line.contains(" " + words + " "));
        assertThat(Command.run("explain", "sda", "--machine=sas-60", "--verb=" + verb)
                        .lines())
                .contains("       time: " + words);
        assertThat(plan.get("devices").valueStream())
                .filteredOn(device -> device.get("driver").asString().equals("sd"))
                .hasSize(60)
                .allMatch(disk -> disk.get("latency").asDouble() == seconds);
    }

    @Test
    void irrelevantDeviceIsShownWithAllOnly() throws IOException {
        assertThat(Command.run("tree", machine()).out()).doesNotContain("e1000");
        assertThat(Command.run("dot", machine()).out()).doesNotContain("e1000");
        assertThat(Command.run("tree", machine(), "--all").out()).contains("e1000");
        assertThat(Command.run("dot", machine(), "--all").out()).contains("e1000");
    }

    @Test
    void treeAsJsonIsNested() throws IOException {
        JsonNode bridge = Command.run("tree", machine(), "--json").json().at("/devices/0");

        assertThat(bridge.get("device").asString()).isEqualTo("0000:00:01.0");
        assertThat(bridge.at("/children/0/consumers/0").asString()).isEqualTo("0000:02:00.0 (nvme1)");
        assertThat(bridge.at("/children/1/latency").asDouble()).isEqualTo(2);
        assertThat(bridge.at("/children/1/disposition").asString()).isEqualTo("parallel");
    }

    @Test
    void arrowsLeadToDependents() throws IOException {
        String bridge = "\"/devices/pci0000:00/0000:00:01.0\"";
        String first = "\"/devices/pci0000:00/0000:00:01.0/0000:01:00.0\"";
        String second = "\"/devices/pci0000:00/0000:00:01.0/0000:02:00.0\"";

        assertThat(Command.run("dot", machine()).lines())
                .startsWith("digraph shutdown {")
                .endsWith("}")
                .contains(
                        "\t" + bridge + " -> " + first + ";",
                        "\t" + bridge + " -> " + second + ";",
                        "\t" + first + " -> " + second + " [style=dashed];");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloud-2", "nvme-24", "sas-60", "nvme-150"})
    void eachDriveIsOnceInTreeAndGraph(String machine) {
        JsonNode devices = Command.run("plan", machine, "--json").json().get("devices");
        String tree = Command.run("tree", "--machine=" + machine).out();
        String graph = Command.run("dot", "--machine=" + machine).out();

        assertThat(devices)
                .filteredOn(device -> device.get("supported").asBoolean())
                .isNotEmpty()
                .allSatisfy(device -> {
                    assertThat(tree.split(Pattern.quote(device.get("label").asString() + " ")))
                            .hasSize(2);
                    assertThat(graph.split(Pattern.quote(
                                    "[label=\"" + device.get("label").asString() + "\\n")))
                            .hasSize(2);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tree --machine=none",
                "dot --machine=none",
                "dot --verb=sleep",
                "tree --machine=pom.xml",
                "dot a"
            })
    void badInputFailsWithOneLine(String arguments) {
        Command command = Command.run(arguments.split(" "));

        assertThat(command.code()).isEqualTo(1);
        assertThat(command.out()).isEmpty();
        assertThat(command.err().lines()).hasSize(1);
    }
}
