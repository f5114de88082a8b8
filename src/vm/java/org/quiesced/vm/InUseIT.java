// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Drives in use without a claim on them, while the system stops: one below a loop device with a file system, one that a
 * process writes to without a file system, and one that {@code nvmet} exports over TCP to the same guest. The writers
 * ignore SIGTERM, so they write until the final SIGKILL. A fourth drive was mounted and goes down early, a fifth is
 * free.
 */
@Needs(modules = {"loop", "nvmet_tcp", "nvme_tcp", "sg"})
class InUseIT extends ScenarioTest {
    private static final int RECORD = 4096;
    private static final List<String> WRITERS = List.of("loop", "raw", "exported");
    private static final String BELOW_LOOP = "0000:01:00.0";
    private static final String RAW = "0000:02:00.0";
    private static final String EXPORTED = "0000:03:00.0";
    private static final String MOUNTED = "0000:04:00.0";
    private static final String FREE = "0000:05:00.0";

    private static final String SD_TOO = Payload.FREE_GO_EARLY + """
            [driver.sd]
            shutdown = "parallel"
            """;

    InUseIT() {
        super("in-use");
    }

    private Path disk(int number) {
        return file("data" + number + ".img");
    }

    private Boot boot(String step, Payload payload) throws IOException, InterruptedException {
        List<Drive> drives = new ArrayList<>(List.of(installedRoot(step)));
        for (int i = 0; i < 4; i++) {
            Files.deleteIfExists(disk(i));
            drives.add(Drive.of("data" + i, Drive.Kind.NVME, Guest.newDisk(disk(i), 64)));
        }
        drives.add(Drive.nvme("data4"));
        return boot(step, drives, payload);
    }

    private static String writeUntilTheEnd() {
        return Scripts.SAY
                + Scripts.WATCH
                + InUseScripts.NAMES
                + InUseScripts.WRITER
                + InUseScripts.LAST_KILL
                + InUseScripts.USE
                + Scripts.slowNvme(1_000)
                + Scripts.end("reboot");
    }

    @Test
    void onlyDrivesSeenToBeReleasedGoEarlyByDefault() throws IOException, InterruptedException {
        Boot boot = boot("released", Payload.quiesced(writeUntilTheEnd()));

        assertThatNoWriteFailed(boot);
        Map<String, Boot.Span> ours = assertThatTheyGoDownWhenTheirUsersAreGone(boot);
        assertThat(ours.get(FREE).from())
                .as("a drive that was never claimed waits for the late phase")
                .isGreaterThan(boot.when("scenario: hooks begin").orElseThrow());
        assertSays(
                boot, FREE + ".* waits for the late phase: nvme\\dn1 was not observed to be released in this shutdown");
        assertThatNothingWasLost(boot);
    }

    @Needs(thorough = true, reason = "of the default it differs in what is free, which simulated machines show")
    @Test
    void freeDrivesGoEarlyWhenConfiguredAndDrivesInUseDoNot() throws IOException, InterruptedException {
        Boot boot = boot("free", Payload.quiesced(writeUntilTheEnd(), Payload.FREE_GO_EARLY));

        assertThatNoWriteFailed(boot);
        Map<String, Boot.Span> ours = assertThatTheyGoDownWhenTheirUsersAreGone(boot);
        assertThat(ours.get(FREE).from())
                .as("a free drive goes early")
                .isLessThan(boot.when("scenario: hooks begin").orElseThrow());
        assertThatNothingWasLost(boot);
    }

    @Test
    @Needs(thorough = true, reason = "UsersIT shows openers of every kind")
    void openCharacterNodeKeepsTheDriveInUse() throws IOException, InterruptedException {
        List<Drive> drives = new ArrayList<>(List.of(installedRoot("nodes")));
        for (int i = 0; i < 3; i++) {
            drives.add(Drive.nvme("data" + i));
        }
        for (int i = 3; i < 6; i++) {
            drives.add(Drive.sata("data" + i));
        }

        Boot boot = boot(
                "nodes",
                drives,
                Payload.quiesced(
                        Scripts.WATCH
                                + InUseScripts.NAMES
                                + InUseScripts.LAST_KILL
                                + InUseScripts.HOLD_NODES
                                + Scripts.slowNvme(1_000)
                                + Scripts.end("reboot"),
                        SD_TOO));

        assertLeft(boot, "nvme", "nvme\\d", "controller");
        assertLeft(boot, "nvme", "ng\\dn1", "namespace");
        assertLeft(boot, "sd", "sg\\d", "sg");
        assertLeft(boot, "sd", "\\d:0:0:0", "bsg");
        double hooks = boot.when("scenario: hooks begin").orElseThrow();
        Map<String, Boot.Span> shutdowns = boot.nvmeShutdowns();
        assertThat(shutdowns).containsOnlyKeys(BELOW_LOOP, RAW, EXPORTED);
        assertThat(boot.walkedBy("nvme"))
                .as("drives whose nodes are open, left to the kernel")
                .containsExactlyInAnyOrder(BELOW_LOOP, RAW);
        assertThat(shutdowns.get(EXPORTED).from())
                .as("a drive without open nodes goes early")
                .isLessThan(hooks);
        assertThat(boot.walkedBy("sd")).as("disks whose nodes are open").hasSize(2);
        assertThat(boot.find("quiesced: sd .* is down after"))
                .as("the disk without open nodes")
                .hasSize(1);
    }

    /**
     * Asserts that a drive waited for the late phase, and was left to the kernel in it, because of a process that the
     * messages name.
     */
    private static void assertLeft(Boot boot, String driver, String node, String holder) {
        String user = node + " is open by @" + holder + " \\(process \\d+ of holder-" + holder + ".scope\\)";
        assertSays(boot, "quiesced: " + driver + " .* waits for the late phase: .* is in use: " + user);
        assertSays(boot, "quiesced: " + driver + " .* left to the kernel: .* is in use: " + user);
    }

    private void assertThatNoWriteFailed(Boot boot) {
        for (String writer : WRITERS) {
            assertThat(boot.find("scenario: " + writer + ": .*failed.*").stream()
                            .map(match -> match.group()))
                    .isEmpty();
        }
        assertThat(boot.find("(I/O|EXT4-fs) error.*").stream()
                        .map(match -> match.group())
                        .distinct())
                .isEmpty();
        double early = boot.nvmeShutdowns().get(MOUNTED).to();
        for (String writer : WRITERS) {
            assertThat(boot.last("scenario: " + writer + ": \\d+ written").orElseThrow())
                    .as("%s: written after the early phase has taken a drive", writer)
                    .isGreaterThan(early);
        }
        report(
                "the last write was told %.2f s after the first drive went down, and %.2f s before the hooks",
                boot.last("scenario: raw: \\d+ written").orElseThrow()
                        - boot.nvmeShutdowns().get(MOUNTED).from(),
                boot.when("scenario: hooks begin").orElseThrow()
                        - boot.last("scenario: raw: \\d+ written").orElseThrow());
    }

    private static Map<String, Boot.Span> assertThatTheyGoDownWhenTheirUsersAreGone(Boot boot) {
        Map<String, Boot.Span> ours = boot.nvmeShutdowns();
        double hooks = boot.when("scenario: hooks begin").orElseThrow();
        assertThat(ours).containsOnlyKeys(BELOW_LOOP, RAW, EXPORTED, MOUNTED, FREE);
        assertThat(ours.get(MOUNTED).from()).as("released, so early").isLessThan(hooks);
        assertThat(ours.get(BELOW_LOOP).from())
                .as("below a loop device, so late")
                .isGreaterThan(hooks);
        assertThat(ours.get(RAW).from()).as("open, so late").isGreaterThan(hooks);
        assertThat(boot.walkedBy("nvme")).as("left to the kernel").containsExactly(EXPORTED);
        return ours;
    }

    /**
     * Asserts that the drives contain each record that a writer logged as written, and that the file system is clean.
     */
    private void assertThatNothingWasLost(Boot boot) throws IOException, InterruptedException {
        Path loop = file("loop");
        Commands.run(file("e2fsck.log"), List.of("e2fsck", "-f", "-n", disk(0).toString()));
        Commands.run(file("dumpe2fs.log"), List.of("dumpe2fs", "-h", disk(0).toString()));
        assertThat(Files.readString(file("dumpe2fs.log")))
                .containsPattern("Filesystem state: +clean\n")
                .doesNotContain("needs_recovery");
        Commands.run(file("debugfs.log"), List.of("debugfs", "-R", "dump /file " + loop, disk(0).toString()));
        assertThatAllIsThere(boot, "loop", loop);
        assertThatAllIsThere(boot, "raw", disk(1));
        assertThatAllIsThere(boot, "exported", disk(2));
    }

    private void assertThatAllIsThere(Boot boot, String writer, Path content) throws IOException {
        int told = boot.find("scenario: " + writer + ": (\\d+) written").stream()
                .mapToInt(match -> Integer.parseInt(match.group(1)))
                .max()
                .orElseThrow();
        int intact = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(content))) {
            while (new String(in.readNBytes(RECORD), StandardCharsets.US_ASCII).equals(record(intact + 1))) {
                intact++;
            }
        }
        report("%s: %d records were told to be written, %d are there", writer, told, intact);
        assertThat(intact).as(writer).isGreaterThanOrEqualTo(told);
    }

    private static String record(int number) {
        return String.format(Locale.ROOT, "%-" + RECORD + "d", number);
    }
}
