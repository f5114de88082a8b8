// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.MachineFile;

/** What plans and simulations say of a kernel with a parallel shutdown, and of drives that are in use now. */
class QuiescectlForecastTest extends CommandLineTest {
    @Test
    void planNamesAParallelKernel() {
        assertThat(run("plan", "nvme-24", "--kernel-walk=asynchronous")).isZero();

        assertThat(out.toString())
                .contains(
                        "This kernel shuts PCI and SCSI devices down in parallel itself (core.async_shutdown); the hook"
                                + " returns when each drive is in flight.")
                .contains("Expected time at reboot: 4.50s; the kernel alone would take 4.50s for the same, in"
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
    void planSaysThatTheDeadlineComesFirst() throws IOException {
        Path config = Files.writeString(directory.resolve("c.toml"), "[driver.nvme]\nshutdown = \"serial\"\n");

        assertThat(run("plan", "nvme-24", "--config", config.toString())).isZero();
        assertThat(out.toString())
                .contains(
                        "Expected time at reboot: more than the deadline of 1min 20s, after which what is not down is left"
                                + " to the kernel; the kernel alone would take 1min 48s for all.");
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
                        "At poweroff, the kernel alone would take 3.00s, PCI and SCSI devices in parallel.",
                        "quiesced took 3.00s: 2 drives down, 1 left to the kernel (nvme0: in use, mounted on /); the"
                                + " kernel begins 0ms after quiesced and takes 1.00s for the rest.",
                        "speedup: 1.0x (stock 3.00s, quiesced 3.00s, slowest drive 3.00s)");
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
                        "Expected time at reboot: 3.00s; the kernel alone would take 6.00s for the same.");
    }

    @Test
    void simulationReleasesMountedDrives() throws IOException {
        assertThat(run("simulate", server().toString())).isZero();

        assertThat(out.toString().lines())
                .contains("quiesced took 3.00s: 2 drives down, 1 left to the kernel (nvme0: in use, mounted on /); the"
                        + " kernel then takes 1.00s for the rest.");
    }
}
