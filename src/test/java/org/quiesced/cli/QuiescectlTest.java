// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.MachineFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line. */
class QuiescectlTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private int run(String... arguments) {
        return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), Terminal.NONE, arguments);
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(out.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "nvme-24, 'speedup: 22.9x (stock 108.2 s, quiesced 4.7 s, slowest drive 4.5 s)'",
        "sas-60, 'speedup: 60.0x (stock 360.0 s, quiesced 6.0 s, slowest drive 6.0 s)'",
        "cloud-2, 'speedup: 2.0x (stock 0.22 s, quiesced 0.11 s, slowest drive 0.11 s)'",
        "nvme-150, 'speedup: 150.0x (stock 660.0 s, quiesced 4.4 s, slowest drive 4.4 s)'"
    })
    void builtInMachinesAreSimulatedInParallel(String machine, String summary) {
        assertThat(run("simulate", machine)).isZero();

        assertThat(out.toString().lines()).last().isEqualTo(summary);
        assertThat(err.toString()).isEmpty();
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
                        "24 drives in parallel, 2 left to the kernel (nvme24 and nvme25: in use, held by md0, mounted on /).")
                .contains("30 devices that quiesced has no method for are not shown")
                .contains("Expected time at reboot: 4.50 s; the kernel alone would take 1 min 48 s for the same.");
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
    void planNamesAParallelKernel() {
        assertThat(run("plan", "nvme-24", "--kernel-walk=asynchronous")).isZero();

        assertThat(out.toString())
                .contains(
                        "This kernel shuts PCI and SCSI devices down in parallel itself (core.async_shutdown); the hook"
                                + " returns when each drive is in flight.")
                .contains("Expected time at reboot: 4.50 s; the kernel alone would take 4.50 s for the same, in"
                        + " parallel.");
    }

    @Test
    void planAsJsonNamesTheKernelWalk() {
        assertThat(run("plan", "nvme-24", "--kernel-walk=asynchronous", "--json"))
                .isZero();

        assertThat(json().get("kernelWalk").asString()).isEqualTo("asynchronous");
        assertThat(json().get("handover").asBoolean()).isTrue();
        assertThat(json().at("/totals/kernelAlone").asDouble()).isEqualTo(4.5);
        out.getBuffer().setLength(0);
        assertThat(run("plan", "nvme-24", "--json")).isZero();
        assertThat(json().get("kernelWalk").asString()).isEqualTo("serial");
        assertThat(json().get("handover").asBoolean()).isFalse();
        assertThat(json().at("/totals/kernelAlone").asDouble()).isEqualTo(108);
    }

    @Test
    void planNamesTheConfiguredHandover() throws IOException {
        Path config = Files.writeString(directory.resolve("c.toml"), "mode = \"on\"\nhandover = false\n");
        String file = config.toString();

        assertThat(run("plan", "cloud-2", "--kernel-walk=asynchronous", "--config", file))
                .isZero();
        assertThat(out.toString()).contains("the hook still waits for the drives, because handover is false.");
    }

    /** The root drive goes down in parallel with the other drives, not after them. */
    @Test
    void simulationForAParallelKernelHandsOver() throws IOException {
        assertThat(run("simulate", server().toString(), "--kernel-walk=asynchronous"))
                .isZero();

        assertThat(out.toString().lines())
                .contains(
                        "The kernel alone would take 3.00 s, PCI and SCSI devices in parallel.",
                        "quiesced took 3.00 s: 2 drives down, 1 left to the kernel (nvme0: in use, mounted on /); the"
                                + " kernel begins 0 ms after us and takes 1.00 s for the rest.",
                        "speedup: 1.0x (stock 3.0 s, quiesced 3.0 s, slowest drive 3.0 s)");
    }

    @Test
    void captureContainsTheParameterOfAParallelKernel() throws IOException {
        Path sys = Files.createDirectories(directory.resolve("sys"));
        Files.createDirectories(sys.resolve("bus"));
        Path parameters = Files.createDirectories(sys.resolve("module/core/parameters"));
        Files.writeString(parameters.resolve("async_shutdown"), "Y\n");
        Path file = directory.resolve("me.json");

        assertThat(run("capture", "--sys", sys.toString(), file.toString())).isZero();
        assertThat(MachineFile.read(file).parameters()).containsExactly(entry("core.async_shutdown", "Y"));
        assertThat(run("plan", file.toString(), "--json")).isZero();
        assertThat(json().get("kernelWalk").asString()).isEqualTo("asynchronous");
    }

    @Test
    void unknownKernelWalkIsAnError() {
        assertThat(run("simulate", "cloud-2", "--kernel-walk=fast")).isNotZero();

        assertThat(err.toString()).contains("--kernel-walk must be serial or asynchronous");
    }

    /** Writes a machine with its root file system on one drive and data on two others; returns its file. */
    private Path server() throws IOException {
        MachineBuilder builder = new MachineBuilder("server");
        String root = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(1));
        String first = builder.nvme("/devices/pci", "0000:02:00.0", Duration.ofSeconds(3));
        String second = builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofSeconds(3));
        builder.inUse(root, "mounted on /")
                .inUse(first, new DiskUser("mounted on /srv/a", Release.EARLY))
                .inUse(second, new DiskUser("held by md0, mounted on /srv/b", Release.LATE));
        return Files.writeString(
                directory.resolve("server.json"),
                MachineFile.of(builder.build()).toJson(true));
    }

    @Test
    void planForecastsDrivesThatAreMounted() throws IOException {
        assertThat(run("plan", server().toString())).isZero();

        assertThat(out.toString().lines())
                .containsExactly(
                        "DEVICE                DRIVER  DISPOSITION  PHASE  METHOD  WAITS FOR  WHY",
                        "0000:01:00.0 (nvme0)  nvme    kernel       -      -       -          nvme0n1 is in use: mounted on /",
                        "0000:02:00.0 (nvme1)  nvme    parallel     early  nvme    -          in use now (mounted on /srv/a);"
                                + " free at shutdown",
                        "0000:03:00.0 (nvme2)  nvme    parallel     late   nvme    -          in use now (held by md0,"
                                + " mounted on /srv/b); free at shutdown",
                        "",
                        "2 drives in parallel (2 in use now, free at shutdown), 1 left to the kernel (nvme0: in use,"
                                + " mounted on /).",
                        "Expected time at reboot: 3.00 s; the kernel alone would take 6.00 s for the same.");
    }

    @Test
    void simulationReleasesMountedDrives() throws IOException {
        assertThat(run("simulate", server().toString())).isZero();

        assertThat(out.toString().lines())
                .contains("quiesced took 3.00 s: 2 drives down, 1 left to the kernel (nvme0: in use, mounted on /); the"
                        + " kernel then takes 1.00 s for the rest.");
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
