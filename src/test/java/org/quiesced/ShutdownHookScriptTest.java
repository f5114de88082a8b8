// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hook always exits with 0, and always in its time, whatever becomes of the command that it calls. */
class ShutdownHookScriptTest {
    private static final long AGES = 60;

    @TempDir
    private Path directory;

    private ProcessHandle hook;

    /** Runs the hook with another command, another limit and another log; all else is as it is installed. */
    private boolean endsWell(String verb, String command, String limit) throws IOException, InterruptedException {
        Path quiescectl = directory.resolve("quiescectl");
        if (!command.isEmpty()) {
            Files.writeString(quiescectl, "#!/bin/sh\n" + command);
            assertThat(quiescectl.toFile().setExecutable(true)).isTrue();
        }
        String script = Files.readString(Path.of("systemd/system-shutdown/quiesced"))
                .replace("/usr/lib/quiesced/bin/quiescectl", quiescectl.toString())
                .replace("limit=87", "limit=" + limit)
                .replace("/sys/bus/pci", directory.resolve("pci").toString())
                .replace("/etc/quiesced", directory.resolve("etc").toString())
                .replace("/dev/kmsg", directory.resolve("kmsg").toString());
        Files.writeString(directory.resolve("kmsg"), "");
        Process process = new ProcessBuilder("sh", "-c", script, "quiesced", verb)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        hook = process.toHandle();
        boolean ended = process.waitFor(AGES / 2, TimeUnit.SECONDS);
        process.destroyForcibly();
        return ended && process.exitValue() == 0;
    }

    private String kmsg() throws IOException {
        return Files.readString(directory.resolve("kmsg"));
    }

    @BeforeEach
    void plugInADrive() throws IOException {
        Files.createDirectories(directory.resolve("pci/drivers/nvme/0000:01:00.0"));
    }

    @AfterEach
    void endWhatIsLeft() {
        hook.descendants().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void itPassesOnTheVerbAndTheTime() throws IOException, InterruptedException {
        assertThat(endsWell("poweroff", "echo \"$@\" >" + directory + "/called; echo done", "50"))
                .isTrue();
        assertThat(directory.resolve("called")).content().matches("shutdown-hook poweroff \\d+\\.\\d+\\n");
    }

    @Test
    void itEndsWithTheWordEvenIfTheProcessLivesOn() throws IOException, InterruptedException {
        assertThat(endsWell("reboot", "echo done; exec sleep " + AGES, "50")).isTrue();
        assertThat(kmsg()).isEmpty();
    }

    @Test
    void aCommandThatHangsIsLeftBehindInTime() throws IOException, InterruptedException {
        assertThat(endsWell("reboot", "exec sleep " + AGES, "1")).isTrue();
        assertThat(kmsg()).contains("quiesced: not done after 1 s");
    }

    @Test
    void aCommandThatDiesIsNoReasonToWaitOrFail() throws IOException, InterruptedException {
        assertThat(endsWell("reboot", "kill -9 $$", "50")).isTrue();
        assertThat(kmsg()).doesNotContain("not done");
    }

    @Test
    void whatTheCommandComplainsOfIsInTheKernelsLog() throws IOException, InterruptedException {
        assertThat(endsWell("reboot", "echo no java >&2; exit 1", "50")).isTrue();
        assertThat(kmsg()).contains("no java");
    }

    @Test
    void aMissingCommandIsNoReasonToFail() throws IOException, InterruptedException {
        assertThat(endsWell("reboot", "", "50")).isTrue();
    }

    @Test
    void withoutAnyDriveTheCommandIsNotEvenStarted() throws IOException, InterruptedException {
        Files.delete(directory.resolve("pci/drivers/nvme/0000:01:00.0"));

        assertThat(endsWell("reboot", "touch " + directory + "/called", "50")).isTrue();
        assertThat(directory.resolve("called")).doesNotExist();
    }

    @Test
    void aDriverThatWasOptedInByHandIsWorkToo() throws IOException, InterruptedException {
        Files.delete(directory.resolve("pci/drivers/nvme/0000:01:00.0"));
        Files.createDirectories(directory.resolve("etc/conf.d"));
        Files.writeString(directory.resolve("etc/conf.d/x.toml"), "[driver.x]\nmethod = \"unbind\"\n");

        assertThat(endsWell("reboot", "touch " + directory + "/called; echo done", "50"))
                .isTrue();
        assertThat(directory.resolve("called")).exists();
    }

    @Test
    void anotherVerbIsNotForUs() throws IOException, InterruptedException {
        assertThat(endsWell("exit", "touch " + directory + "/called", "50")).isTrue();
        assertThat(directory.resolve("called")).doesNotExist();
    }
}
