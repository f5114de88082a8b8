// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line. */
class QuiescectlTest extends CommandLineTest {
    @ParameterizedTest
    @CsvSource({
        "nvme-24, 'speedup: 22.9x (stock 1min 48.22s, quiesced 4.72s, slowest drive 4.50s)'",
        "sas-60, 'speedup: 60.0x (stock 6min, quiesced 6.00s, slowest drive 6.00s)'",
        "cloud-2, 'speedup: 2.0x (stock 220ms, quiesced 110ms, slowest drive 110ms)'",
        "nvme-150, 'speedup: 150.0x (stock 11min, quiesced 4.40s, slowest drive 4.40s)'"
    })
    void builtInMachinesAreSimulatedInParallel(String machine, String summary) {
        assertThat(run("simulate", machine)).isZero();

        assertThat(out.toString().lines()).last().isEqualTo(summary);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void verbThatNeedsNoParserBehavesAsWithTheDefaultsOfItsOptions() {
        int code = run("status");
        String text = out + err.toString();
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);

        assertThat(run("status", "--json=off")).isEqualTo(code);
        assertThat(out + err.toString()).isEqualTo(text).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"status now;argument: 'now'", "--json status now then;arguments: 'now', 'then'"},
            delimiter = ';')
    void argumentsThatAVerbDoesNotTakeAreNamed(String line, String named) {
        assertThat(run(line.split(" "))).isEqualTo(1);

        assertThat(err.toString())
                .isEqualTo("quiescectl: Unexpected " + named + " (see \"quiescectl status --help\")\n");
    }

    @Test
    void simulationAsJsonHasEachDevice() {
        assertThat(run("simulate", "nvme-24", "--json=short")).isZero();

        assertThat(json().at("/run/down").asInt()).isEqualTo(24);
        assertThat(json().at("/run/took").asDouble()).isEqualTo(4.5);
        assertThat(json().at("/run/devices").size()).isEqualTo(56);
        assertThat(out.toString().lines()).hasSize(1);
    }

    @Test
    void simulationWithoutOptInIsSerial() throws IOException {
        Path config = Files.writeString(directory.resolve("c.toml"), "mode = \"safe\"\n");

        assertThat(run("simulate", "cloud-2", "--json", "--config", config.toString()))
                .isZero();
        assertThat(json().at("/run/took").asDouble()).isEqualTo(0.22);
    }

    @Test
    void planShowsEachDeviceWithItsReason() {
        assertThat(run("plan", "nvme-24")).isZero();

        assertThat(out.toString())
                .contains("DEVICE                 DRIVER  DISPOSITION  PHASE  METHOD  WAITS FOR  WHY")
                .contains("0000:12:00.0 (nvme0)   nvme    parallel     late   nvme    -          opted in")
                .contains("nvme24n1 is in use: held by md0, mounted on /")
                .contains(
                        "24 drives in parallel, 2 left to the kernel (nvme24 and nvme25: in use, held by md0, mounted on /,"
                                + " no exitrd: this plan assumes none).")
                .contains("30 devices that quiesced has no method for are not shown")
                .contains("Expected time at reboot: 4.50s; the kernel alone would take 1min 48s for the same.");
    }

    @Test
    void planAsJsonHasStepsAndTotals() {
        assertThat(run("plan", "sas-60", "--verb", "poweroff", "--json")).isZero();

        JsonNode disk = json().get("devices")
                .valueStream()
                .filter(device -> device.get("device").asString().equals("0:0:0:0"))
                .findFirst()
                .orElseThrow();
        assertThat(disk.get("steps")).isEqualTo(JsonMapper.shared().readTree("""
                        [{"type": "synchronize", "names": ["sda"], "notifies": false},
                         {"type": "unbind", "names": ["sd"], "notifies": false},
                         {"type": "stop", "names": ["sda"], "notifies": false}]
                        """));
        assertThat(json().at("/totals/parallel").asInt()).isEqualTo(60);
        assertThat(json().at("/totals/kernelAlone").asDouble()).isEqualTo(360);
    }

    @Test
    void capturedMachineCanBeSimulated() {
        Path file = directory.resolve("me.json");

        assertThat(run("capture", "--sys", "/sys", file.toString())).isZero();
        assertThat(run("simulate", file.toString())).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void damagedMachineFileFailsWithOneLine() throws IOException {
        Path file = Files.write(directory.resolve("x.json"), new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});

        assertThat(run("simulate", file.toString())).isEqualTo(1);
        assertThat(run("plan", file.toString())).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .hasSize(2)
                .containsOnly(
                        "quiescectl: " + file + ": not a captured machine: not JSON at line 1, column 1 (byte 0x7F)");
    }

    @Test
    void verifyIsSilentOnAValidFile() {
        assertThat(run("verify", "config/quiesced.toml")).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void verifyReportsEachProblem() throws IOException {
        Path file = Files.writeString(directory.resolve("bad.toml"), "mode = 1\ndeadlin = \"1s\"\n");

        assertThat(run("verify", file.toString())).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        file + ":1:1: mode: expected one of \"safe\", \"on\", \"off\", found the number 1",
                        file + ":2:1: deadlin: unknown key \"deadlin\": did you mean \"deadline\"?");
    }

    @Test
    void verifyChecksFilesBelowARoot() throws IOException {
        Path etc = Files.createDirectories(directory.resolve("etc/quiesced/conf.d"))
                .getParent();
        Files.writeString(etc.resolve("quiesced.toml"), "mode = \"safe\"\n");
        assertThat(run("verify", "--root", directory.toString())).isZero();

        Files.writeString(etc.resolve("conf.d/10.toml"), "mode = 1\n");
        assertThat(run("verify", "--root", directory.toString())).isEqualTo(1);
        assertThat(err.toString()).startsWith("/etc/quiesced/conf.d/10.toml:1:1: mode: ");
        assertThat(run("verify", "--root", directory.toString(), "one.toml")).isEqualTo(1);
    }

    @Test
    void verifyWarnsThatThereIsNoFile() throws IOException {
        Files.createDirectories(directory.resolve("etc"));

        assertThat(run("verify", "--root", directory.toString())).isZero();
        assertThat(out.toString())
                .startsWith(
                        "Warning: there is no configuration file in /etc/quiesced: no driver is opted in; install ");
    }

    @Test
    void verifyFailsWhereThereIsNothingToCheck() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThat(run("verify", "--root", directory.resolve("none").toString()))
                .isEqualTo(1);
        assertThat(run("verify", "--root", file.toString())).isEqualTo(1);
        assertThat(err.toString())
                .contains(directory.resolve("none") + ": No such file or directory", file + ": Not a directory");
    }

    @Test
    void verifyReportsProblemsAsJson() throws IOException {
        Path file = Files.writeString(directory.resolve("bad.toml"), "mode = 1\n");

        assertThat(run("verify", "--json", file.toString())).isEqualTo(1);
        assertThat(json().at("/0/line").asInt()).isEqualTo(1);
        assertThat(json().at("/0/key").asString()).isEqualTo("mode");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "frobnicate",
                "simulate",
                "simulate nvem-24",
                "simulate /no/such/file.json",
                "simulate /dev/null",
                "simulate /dev/zero",
                "simulate /proc/self",
                "simulate README.md",
                "plan pom.xml",
                "simulate nvme-24 --speed 0",
                "simulate nvme-24 --speed fast",
                "simulate nvme-24 --json=loud",
                "simulate nvme-24 --verb sleep",
                "simulate nvme-24 --config /no/such.toml",
                "plan nvme-24 extra",
                "plan --unknown",
                "run",
                "run --verb reboot",
                "run --verb reboot --now --dry-run",
                "run --verb sleep --now",
                "verify /no/such.toml",
                "capture --sys /no/such/sys",
                "capture --sys /sys /no/such/directory/file.json"
            })
    void badInputFailsWithOneLine(String commandLine) {
        String[] arguments = commandLine.isEmpty() ? new String[0] : commandLine.split(" ");

        assertThat(run(arguments)).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).doesNotContain("Exception");
    }

    @Test
    void mistypedMachineNameGetsASuggestion() {
        run("simulate", "nvem-24");

        assertThat(err.toString())
                .isEqualToIgnoringNewLines("quiescectl: no machine \"nvem-24\": did you mean \"nvme-24\"?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "plan --help",
                "run --help",
                "simulate --help",
                "capture --help",
                "verify -h",
                "--version"
            })
    void helpAndVersionArePrinted(String commandLine) {
        assertThat(run(commandLine.split(" "))).isZero();
        assertThat(out.toString()).contains("quiesce");
    }
}
