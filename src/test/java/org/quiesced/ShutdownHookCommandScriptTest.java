// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;

/** The hook starts the one-shot command only when there is something to do, and ends with it or at its limit. */
class ShutdownHookCommandScriptTest extends ShutdownHookTest {
    @Test
    void hookPassesVerbAndTimeToTheCommand() throws IOException, InterruptedException {
        assertThat(endsWell("poweroff", "echo \"$@\" >" + directory + "/called; echo done", "50"))
                .isTrue();
        assertThat(directory.resolve("called")).content().matches("shutdown-hook poweroff \\d+\\.\\d+ \\d+\\n");
    }

    @Test
    void hookReturnsWhenTheCommandReportsDoneAndLivesOn() throws IOException, InterruptedException {
        assertThat(endsWell("reboot", "echo done; exec sleep " + AGES, "50")).isTrue();
        assertThat(kmsg()).isEmpty();
    }

    @Test
    void hookReturnsAtItsLimitWhenTheCommandHangs() throws IOException, InterruptedException {
        assertThat(endsWell("reboot", "exec sleep " + AGES, "1")).isTrue();
        assertThat(kmsg()).contains("quiesced: not done after 1 s");
    }

    @Test
    void hookReturnsAtOnceWhenTheCommandDies() throws IOException, InterruptedException {
        assertThat(endsWell("reboot", "kill -9 $$", "50")).isTrue();
        assertThat(kmsg()).doesNotContain("not done");
    }

    @Test
    void errorsOfTheCommandReachTheKernelLog() throws IOException, InterruptedException {
        assertThat(endsWell("reboot", "echo no java >&2; exit 1", "50")).isTrue();
        assertThat(kmsg()).contains("no java");
    }

    @Test
    void hookSucceedsWithoutACommand() throws IOException, InterruptedException {
        assertThat(endsWell("reboot", "", "50")).isTrue();
    }

    @Test
    void dueStopOfADiskStartsTheCommand() throws IOException, InterruptedException {
        Files.delete(directory.resolve("sys/bus/pci/drivers/nvme/0000:01:00.0"));
        Files.createDirectories(directory.resolve("run/quiesced/stops"));
        Files.writeString(directory.resolve("run/quiesced/stops/0:0:0:0"), "1 /devices/x/0:0:0:0 poweroff\n");

        assertThat(endsWell("poweroff", "touch " + directory + "/called", "50")).isTrue();
        assertThat(directory.resolve("called")).exists();
    }

    @Test
    void commandIsNotStartedWithoutDrives() throws IOException, InterruptedException {
        Files.delete(directory.resolve("sys/bus/pci/drivers/nvme/0000:01:00.0"));

        assertThat(endsWell("reboot", "touch " + directory + "/called", "50")).isTrue();
        assertThat(directory.resolve("called")).doesNotExist();
    }

    @Test
    void configuredMethodUnbindStartsTheCommand() throws IOException, InterruptedException {
        Files.delete(directory.resolve("sys/bus/pci/drivers/nvme/0000:01:00.0"));
        Files.createDirectories(directory.resolve("etc/quiesced/conf.d"));
        Files.writeString(directory.resolve("etc/quiesced/conf.d/x.toml"), "[driver.x]\nmethod = \"unbind\"\n");

        assertThat(endsWell("reboot", "touch " + directory + "/called; echo done", "50"))
                .isTrue();
        assertThat(directory.resolve("called")).exists();
    }

    @Test
    void hookIgnoresOtherVerbs() throws IOException, InterruptedException {
        assertThat(endsWell("exit", "touch " + directory + "/called", "50")).isTrue();
        assertThat(directory.resolve("called")).doesNotExist();
    }

    @Test
    void commandIsNotStartedWithARefusedConfiguration() throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve("run/quiesced"));
        Path config = directory.resolve("etc/quiesced/quiesced.toml");
        Files.createDirectories(config.getParent());
        Files.writeString(config, "invalid");
        Path refused = Files.writeString(directory.resolve("run/quiesced/refused"), "");
        FileTime later = FileTime.fromMillis(Files.getLastModifiedTime(refused).toMillis() + 2_000);
        Files.setLastModifiedTime(refused, later);

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(wasCalled()).isFalse();
        assertThat(kmsg()).contains("the configuration is invalid, the kernel takes over");

        // The configuration has been changed after it was refused.
        Files.setLastModifiedTime(config, FileTime.fromMillis(later.toMillis() + 2_000));
        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(wasCalled()).isTrue();
    }
}
