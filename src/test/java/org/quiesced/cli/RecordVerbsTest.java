// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.MachineFile;
import tools.jackson.databind.JsonNode;

/** The verbs about a shutdown, on a simulated machine, a captured one, and a record. */
class RecordVerbsTest {
    private static final String SIMULATED = "--machine=nvme-24";

    @TempDir
    private Path directory;

    /**
     * Writes a machine with two drives, the second of which is a consumer of the first by a device link. Returns the
     * option that names the file.
     */
    private String captured(int seconds) throws IOException {
        MachineBuilder builder = new MachineBuilder("linked");
        String first = builder.nvme("/devices/pci0000:00", "0000:01:00.0", Duration.ofSeconds(1));
        String second = builder.nvme("/devices/pci0000:00", "0000:02:00.0", Duration.ofSeconds(seconds));
        builder.link(second, first, false);
        Path file = directory.resolve("machine-" + seconds + ".json");
        Files.writeString(file, MachineFile.of(builder.build()).toJson(true));
        return "--machine=" + file;
    }

    /** Writes the record of a shutdown to a file, as {@code report --json} does; returns its path. */
    private String record(String machine, String name) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, Command.run("report", machine, "--json=short").out());
        return file.toString();
    }

    private List<String> sources() throws IOException {
        return List.of(SIMULATED, captured(2), "--shutdown=" + record(captured(2), "kept.json"));
    }

    private static List<String> fields(JsonNode object) {
        return List.copyOf(object.propertyNames());
    }

    @Test
    void theChainAsJsonBeginsWithTheDeviceThatEndedLast() throws IOException {
        for (String source : List.of(captured(2), "--shutdown=" + record(captured(2), "kept.json"))) {
            JsonNode chain = Command.run("critical-chain", source, "--json").json();

            assertThat(chain.valueStream().map(link -> link.get("device").asString()))
                    .as(source)
                    .containsExactly("0000:01:00.0", "0000:02:00.0");
            assertThat(fields(chain.get(0)))
                    .containsExactly("device", "path", "label", "driver", "start", "took", "outcome", "because", "why");
            assertThat(chain.at("/0/label").asString()).isEqualTo("0000:01:00.0 (nvme0)");
            assertThat(chain.at("/0/start").asDouble()).isEqualTo(2);
            assertThat(chain.at("/0/took").asDouble()).isEqualTo(1);
            assertThat(chain.at("/0/outcome").asString()).isEqualTo("down");
            assertThat(chain.at("/0/because").isNull()).isTrue();
            assertThat(chain.at("/0/why").asString())
                    .isEqualTo("waited 2.00s for 0000:02:00.0 (nvme1), which depends on it");
            assertThat(chain.at("/1/because").asString()).isEqualTo("dependent");
            assertThat(chain.at("/1/why").isNull()).isTrue();
        }
    }

    @Test
    void theChainOfADeviceAsJsonIsThatOfTheText() throws IOException {
        String source = captured(2);

        JsonNode chain =
                Command.run("critical-chain", "nvme1", source, "--json").json();
        List<String> lines =
                Command.run("critical-chain", "nvme1", source, "--json=off").lines();

        assertThat(chain).hasSize(1);
        assertThat(lines).hasSize(6).last().isEqualTo("0000:02:00.0 (nvme1) @0ms +2.00s");
        assertThat(Command.run("critical-chain", "nvme9", source, "--json").code())
                .isEqualTo(1);
    }

    /** A machine, its record, and one of an earlier build say which disk was before it, and why it went down late. */
    @Test
    void theChainOfASerialDeviceHasTheOneBeforeIt() throws IOException {
        Path safe = Files.writeString(directory.resolve("safe.toml"), "mode = \"safe\"\n");
        List<String> simulated = List.of("--machine=sas-60", "--verb=poweroff", "--config=" + safe);
        Path file = directory.resolve("serial.json");
        Files.writeString(file, run("report", simulated, "--json").out());

        Path older = directory.resolve("older.json");
        Files.writeString(older, Files.readString(file).replaceAll("\"(lane|deferred|stop)\" : [^,]*,", ""));

        for (List<String> source : List.of(simulated, List.of("--shutdown=" + file), List.of("--shutdown=" + older))) {
            assertThat(run("critical-chain", source, "1:0:27:0").lines())
                    .endsWith(
                            "1:0:27:0 (sdbf) @12.00s +6.00s",
                            "└─1:0:28:0 (sdbg) @6.00s +6.00s, before it on the serial lane",
                            "└─1:0:29:0 (sdbh) @0ms +6.00s, before it on the serial lane",
                            "",
                            "1:0:27:0 (sdbf) waited 12.00s for the serial lane, at last for 1:0:28:0 (sdbg).");
            assertThat(run("time", source).lines())
                    .contains(
                            "Last before the kernel's walk: 1:0:17:0 (sdav) waited 1min 12s for the serial lane, at last for"
                                    + " 1:0:18:0 (sdaw).");
        }
    }

    private static Command run(String verb, List<String> source, String... more) {
        return Command.run(Stream.of(Stream.of(verb), source.stream(), Stream.of(more))
                .flatMap(words -> words)
                .toArray(String[]::new));
    }

    @Test
    void blameShowsTheStopOfEachDiskThatIsStopped() {
        List<String> lines =
                Command.run("blame", "--machine=sas-60", "--verb=poweroff").lines();
        JsonNode devices = Command.run("blame", "--machine=sas-60", "--verb=poweroff", "--json")
                .json();
        JsonNode atReboot = Command.run("blame", "--machine=sas-60", "--json").json();

        assertThat(lines.get(2)).contains("REMOVAL   STOP  DEVICE");
        assertThat(lines.subList(3, lines.size())).hasSize(60).allMatch(line -> line.contains("0ms  6.00s  "));
        assertThat(devices.valueStream().map(device -> device.get("stop").isNumber()))
                .containsOnly(true);
        assertThat(atReboot.valueStream().map(device -> device.get("stop").isNull()))
                .containsOnly(true);
    }

    @Test
    void aChainOfNothingIsAnEmptyArray() throws IOException {
        Path off = Files.writeString(directory.resolve("off.toml"), "mode = \"off\"\n");
        Command nothing = Command.run("critical-chain", "--machine=sas-60", "--config=" + off, "--json=short");

        assertThat(nothing.out()).isEqualToIgnoringNewLines("[]");
        assertThat(nothing.code()).isZero();
    }

    @Test
    void reportTakesTheShutdownAsAnArgument() throws IOException {
        String file = record(captured(2), "one.json");

        assertThat(Command.run("report", file)).isEqualTo(Command.run("report", "--shutdown=" + file));
        assertThat(Command.run("report", file, "--shutdown=" + file).code()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--verb=poweroff", "--kernel-walk=serial", "--config=/nowhere"})
    void optionsOfASimulatedShutdownNeedItsMachine(String option) throws IOException {
        Command command = Command.run("time", option, "--shutdown=" + record(captured(2), "one.json"));

        assertThat(command.code()).isEqualTo(1);
        assertThat(command.err()).contains("name its machine with --machine");
    }

    @Test
    void damagedRecordIsReportedWithThePlaceOfTheDamage() throws IOException {
        Path file = Files.writeString(directory.resolve("damaged.json"), "{\n  \"format\": ]");
        assertThat(Command.run("time", "--shutdown=" + file).err())
                .contains(": damaged: invalid JSON in line 2, column ");

        Files.writeString(file, "{\"format\": \"quiesced-shutdown-1\", \"devices\": [{\"start\": \"soon\"}]}");
        assertThat(Command.run("time", "--shutdown=" + file).err())
                .contains(": damaged: a wrong value of devices[0].start");
    }

    @Test
    void theDifferenceAsJsonHasBothTimesOfEachDevice() throws IOException {
        String one = record(captured(2), "one.json");
        String other = record(captured(5), "other.json");
        JsonNode difference = Command.run("diff", one, other, "--json").json();

        assertThat(fields(difference)).containsExactly("one", "other", "parts", "devices");
        assertThat(difference.at("/one/number").asInt()).isZero();
        assertThat(difference.at("/one/file").asString()).isEqualTo(one);
        assertThat(difference.at("/other/file").asString()).isEqualTo(other);
        assertThat(difference.get("devices")).hasSize(2);
        JsonNode slower = difference.at("/devices/0");
        assertThat(fields(slower)).containsExactly("device", "path", "label", "driver", "from", "to", "change");
        assertThat(slower.get("device").asString()).isEqualTo("0000:02:00.0");
        assertThat(slower.get("from").asDouble()).isEqualTo(2);
        assertThat(slower.get("to").asDouble()).isEqualTo(5);
        assertThat(slower.get("change").asDouble()).isEqualTo(3, within(1e-9));
        assertThat(Command.run("diff", one, other, "--json=off").lines())
                .anyMatch(line -> line.matches("\\+3.00s +2.00s +5.00s +0000:02:00.0 \\(nvme1\\) +nvme"))
                .anyMatch(line -> line.matches("\\+3.00s +3.00s +6.00s +shutdown"));
    }

    @Test
    void optionsThatDiffLacksAreNotRecommended() {
        assertThat(Command.run("diff", "1", "2").err()).doesNotContain("--shutdown", "--machine");
    }

    @Test
    void timeAsJsonHasWhatTheTextSays() throws IOException {
        Path file = directory.resolve("slow.json");
        Files.writeString(
                file,
                Files.readString(Path.of(record(captured(5), "one.json"))).replace("\"usual\":null", "\"usual\":1.0"));
        String source = "--shutdown=" + file;
        JsonNode time = Command.run("time", source, "--json").json();

        assertThat(Command.run("time", source).lines())
                .contains(
                        "Simulated shutdown (reboot) took 6.00s: 6.00s (devices).",
                        "2 of 2 drives down in 6.00s.",
                        "Slow: 0000:02:00.0 (nvme1) took 5.00s, 5.0 times its usual 1.00s.");
        assertThat(time.get("number").isNull()).isTrue();
        assertThat(time.get("asked").asDouble()).isZero();
        assertThat(time.get("verb").asString()).isEqualTo("reboot");
        assertThat(time.get("took").asDouble()).isEqualTo(6);
        assertThat(time.get("complete").asBoolean()).isTrue();
        assertThat(time.get("drivesTook").asDouble()).isEqualTo(6);
        assertThat(time.at("/drives/down").asInt()).isEqualTo(2);
        assertThat(time.get("saved").asDouble()).isEqualTo(0, within(1e-9));
        assertThat(time.get("parts")).hasSizeGreaterThan(1);
        assertThat(time.get("slow")).singleElement().satisfies(slow -> {
            assertThat(slow.get("label").asString()).isEqualTo("0000:02:00.0 (nvme1)");
            assertThat(slow.get("took").asDouble()).isEqualTo(5);
            assertThat(slow.get("usual").asDouble()).isEqualTo(1);
        });
    }

    @Test
    void simulatedMachinesAreComparedByTheirRecords() throws IOException {
        String one = record(SIMULATED, "one.json");
        JsonNode same = Command.run("diff", one, one, "--json").json();

        assertThat(same.get("devices"))
                .as("24 drives, and two in the kernel's walk")
                .hasSize(26);
        assertThat(same.get("devices")
                        .valueStream()
                        .map(device -> device.get("change").asDouble()))
                .containsOnly(0.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"time", "blame", "critical-chain", "report"})
    void eachVerbAboutAShutdownHasAllFormsOfJsonWhateverItIsAbout(String verb) throws IOException {
        for (String source : sources()) {
            Command pretty = Command.run(verb, source, "--json");
            Command spelled = Command.run(verb, source, "--json=pretty");
            Command brief = Command.run(verb, source, "--json=short");
            Command off = Command.run(verb, source, "--json=off");

            assertThat(List.of(pretty.code(), spelled.code(), brief.code(), off.code()))
                    .as(source)
                    .containsOnly(0);
            assertThat(pretty.lines()).hasSizeGreaterThan(2);
            assertThat(spelled.out()).isEqualTo(pretty.out());
            assertThat(brief.lines()).hasSize(1);
            assertThat(brief.json()).isEqualTo(pretty.json());
            assertThat(off.out()).isEqualTo(Command.run(verb, source).out());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "tree", "explain", "doctor", "simulate"})
    void eachVerbAboutAPlanHasThemToo(String verb) throws IOException {
        for (String source : List.of(SIMULATED, captured(2))) {
            boolean takesAnArgument = List.of("plan", "simulate").contains(verb);
            List<String> call =
                    new ArrayList<>(List.of(verb, takesAnArgument ? source.substring("--machine=".length()) : source));
            if (verb.equals("explain")) {
                call.add("nvme0");
            }
            call.add("--json=short");
            Command brief = Command.run(call.toArray(new String[0]));
            call.set(call.size() - 1, "--json");
            Command pretty = Command.run(call.toArray(new String[0]));

            assertThat(brief.lines()).as(source).hasSize(1);
            assertThat(brief.json()).isEqualTo(pretty.json());
        }
    }
}
