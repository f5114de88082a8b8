// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When units are stopped, their script notifies the daemon only during a shutdown, and only for a limited time. */
class EarlyScriptTest extends EarlyTest {
    @Test
    void shutdownWaitsUntilTheDaemonHasScannedForUsers() throws IOException, InterruptedException {
        shutdown("reboot");

        assertThat(run("stopping")).isEmpty();
        assertThat(asked()).matches("stopping \\? \\d+\\n");
    }

    @Test
    void shutdownContinuesWhenTheDaemonDoesNotAnswer() throws IOException, InterruptedException {
        Files.delete(directory.resolve("answers"));
        jobs("12 reboot.target start waiting\n");

        assertThat(run("stopping")).contains("has not looked in time");
        try (var files = Files.list(directory.resolve("run/quiesced"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("nothing that waits is left behind")
                    .containsExactlyInAnyOrder("fwupd", "pid", "request");
        }
    }

    @Test
    void controlGroupsOfTheDaemonGetTheHighestWeightUntilACancelledShutdown() throws IOException, InterruptedException {
        Path slice = Files.createDirectories(directory.resolve("sys/fs/cgroup/system.slice/quiesced.service"))
                .getParent();
        Files.writeString(slice.resolve("cpu.weight"), "100\n");
        Files.writeString(slice.resolve("quiesced.service/cpu.weight"), "100\n");
        shutdown("reboot");

        run("stopping");
        assertThat(slice.resolve("cpu.weight"))
                .as("while other control groups are being stopped")
                .hasContent("100");
        assertThat(slice.resolve("quiesced.service/cpu.weight")).hasContent("10000");

        run();
        assertThat(slice.resolve("cpu.weight")).hasContent("10000");

        run("limit");
        assertThat(slice.resolve("cpu.weight")).hasContent("100");
        assertThat(slice.resolve("quiesced.service/cpu.weight")).hasContent("100");
        assertThat(directory.resolve("run/quiesced/cpu-weights")).doesNotExist();
    }

    private void controller() throws IOException {
        Files.createDirectories(directory.resolve("sys/devices/virtual/nvme-fabrics/ctl/nvme0"));
    }

    @Test
    void networkStopWaitsForTheDaemon() throws IOException, InterruptedException {
        controller();
        Files.writeString(directory.resolve("run/quiesced/verb"), "reboot\n");

        assertThat(run("network")).isEmpty();
        assertThat(asked()).matches("network \\? \\d+\\n");
    }

    @Test
    void networkStopContinuesWhenTheDaemonDoesNotAnswer() throws IOException, InterruptedException {
        controller();
        Files.delete(directory.resolve("answers"));
        jobs("12 reboot.target start waiting\n");

        assertThat(run("network")).contains("has not ended all connections in time");
        try (var files = Files.list(directory.resolve("run/quiesced"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("nothing that waits is left behind")
                    .containsExactlyInAnyOrder("pid", "request");
        }
    }

    @Test
    void networkStopDoesNotAskTheDaemonWithoutFabricsControllers() throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve("sys/devices/virtual/nvme-fabrics/ctl/power"));
        jobs("12 reboot.target start waiting\n");

        assertThat(run("network")).isEmpty();
        assertThat(directory.resolve("asked")).doesNotExist();
    }

    @Test
    void scriptReportsAMissingDaemon() throws IOException, InterruptedException {
        jobs("12 reboot.target start waiting\n");
        daemon.destroyForcibly().waitFor();

        assertThat(run()).contains("quiesced.service is not running");
    }

    @Test
    void hookLimitFollowsTheShippedConfigurationAndIsKeptWithoutOne() throws IOException, InterruptedException {
        Path shipped =
                Files.createDirectories(directory.resolve("usr/lib/systemd")).resolve("system.conf");
        Files.writeString(shipped, "[Manager]\n#DefaultTimeoutStopSec=45s\n");
        run("limit");
        assertThat(directory.resolve("run/quiesced/hook-limit")).hasContent("45");

        Files.delete(shipped);
        run("limit");
        assertThat(directory.resolve("run/quiesced/hook-limit")).hasContent("45");
        assertThat(directory.resolve("run/quiesced")).isDirectoryNotContaining("glob:**/hook-limit.new");
    }

    /**
     * On a system that ships no file below /usr, the shipped file is below /etc. There a comment may be an
     * administrator's, so only the defaults of systemd count.
     */
    @ParameterizedTest
    @CsvSource({"45,45", "90,90", "15,80", "900,80", "5,80"})
    void hookLimitBelowEtcCountsOnlyWithADefaultOfSystemd(String comment, String known)
            throws IOException, InterruptedException {
        Files.writeString(directory.resolve("run/quiesced/hook-limit"), "80\n");
        Files.writeString(
                Files.createDirectories(directory.resolve("etc/systemd")).resolve("system.conf"),
                "[Manager]\n#DefaultTimeoutStopSec=" + comment + "s\n");

        run("limit");

        assertThat(directory.resolve("run/quiesced/hook-limit")).hasContent(known);
    }

    @Test
    void shippedFileOverridesTheFileBelowEtc() throws IOException, InterruptedException {
        Files.writeString(
                Files.createDirectories(directory.resolve("usr/lib/systemd")).resolve("system.conf"),
                "#DefaultTimeoutStopSec=45s\n");
        Files.writeString(
                Files.createDirectories(directory.resolve("etc/systemd")).resolve("system.conf"),
                "#DefaultTimeoutStopSec=90s\n");

        run("limit");

        assertThat(directory.resolve("run/quiesced/hook-limit")).hasContent("45");
    }

    @Test
    void recordIsCopiedToTheDiskAtShutdown() throws IOException, InterruptedException {
        jobs("1 reboot.target start waiting\n");
        Files.createDirectories(directory.resolve("var/lib/quiesced"));
        Files.writeString(directory.resolve("run/quiesced/record.json"), "{}");

        run("record");

        assertThat(directory.resolve("var/lib/quiesced/pending.json")).hasContent("{}");
        assertThat(directory.resolve("var/lib/quiesced/pending.json.new")).doesNotExist();
    }

    /** The file is a pipe without a reader, which blocks a writer like a file system that hangs. */
    @Test
    void hungDiskDelaysTheShutdownForTwoSecondsAtMost() throws IOException, InterruptedException {
        jobs("1 reboot.target start waiting\n");
        Files.createDirectories(directory.resolve("var/lib/quiesced"));
        Files.writeString(directory.resolve("run/quiesced/record.json"), "{}");
        assertThat(Programs.run(new ProcessBuilder(
                        "mkfifo",
                        directory.resolve("var/lib/quiesced/pending.json.new").toString())))
                .isZero();

        assertThat(run("record")).contains("the shutdown is not recorded");
        Files.readAllBytes(directory.resolve("var/lib/quiesced/pending.json.new"));
        await(directory.resolve("run/quiesced/record-is-kept"));
    }

    @Test
    void unwritableDiskIsReported() throws IOException, InterruptedException {
        jobs("1 reboot.target start waiting\n");
        Files.writeString(directory.resolve("run/quiesced/record.json"), "{}");

        assertThat(run("record")).contains("the shutdown is not recorded");
    }

    @Test
    void missingRecordIsNotCopied() throws IOException, InterruptedException {
        jobs("1 reboot.target start waiting\n");
        Files.createDirectories(directory.resolve("var/lib/quiesced"));

        run("record");

        assertThat(directory.resolve("var/lib/quiesced")).isEmptyDirectory();
    }

    @Test
    void recordOfACancelledShutdownIsRemovedAndThatOfAnotherBootIsKept() throws IOException, InterruptedException {
        Path pending =
                Files.createDirectories(directory.resolve("var/lib/quiesced")).resolve("pending.json");
        Files.writeString(
                Files.createDirectories(directory.resolve("proc/sys/kernel/random"))
                        .resolve("boot_id"),
                "one\n");
        Files.writeString(pending, "{\"boot\":\"another\"}");
        run("forget");
        assertThat(pending).exists();

        Files.writeString(pending, "{\"boot\":\"one\"}");
        run("forget");
        assertThat(pending).doesNotExist();
    }

    private void system(String state) throws IOException {
        Programs.write(
                directory.resolve("bin/systemctl"),
                "[ \"$1\" = is-system-running ] || { echo \"systemctl $*\"; exit 0; }\necho " + state);
    }

    @Test
    void daemonIsRestartedDuringBoot() throws IOException, InterruptedException {
        system("starting");

        assertThat(run("started")).isEqualTo("systemctl --no-block try-restart quiesced.service\n");
    }

    @Test
    void systemdIsNotAskedWithoutADaemon() throws IOException, InterruptedException {
        system("starting");
        Files.delete(directory.resolve("run/quiesced/pid"));

        assertThat(run("started")).isEmpty();
    }

    @Test
    void daemonIsNotRestartedAfterACancelledShutdown() throws IOException, InterruptedException {
        system("degraded");

        assertThat(run("started")).isEmpty();
    }
}
