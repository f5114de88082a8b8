// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.host.SysRq;
import org.quiesced.linux.Host;

class LinuxSysRqTest {
    @TempDir
    private Path directory;

    private Path trigger;
    private SysRq sysRq;

    @BeforeEach
    void files() throws IOException {
        trigger = Files.createFile(directory.resolve("sysrq-trigger"));
        sysRq = LinuxSysRq.at(directory, directory);
    }

    @Test
    void stepsWriteTheirSysrqKeys() throws IOException {
        sysRq.sync();
        assertThat(trigger).hasContent("s");
        sysRq.remountReadOnly();
        assertThat(trigger).hasContent("u");
        sysRq.restart();
        assertThat(trigger).hasContent("b");
        sysRq.powerOff();
        assertThat(trigger).hasContent("o");
    }

    @Test
    void unwrittenDataIsTheDirtyMemoryAndThatInWriteback() throws IOException {
        assertThat(sysRq.unwritten()).isEmpty();

        Files.writeString(
                directory.resolve("meminfo"), "Dirty:  1200 kB\nWriteback:       34 kB\nWritebackTmp:  5 kB\n");
        assertThat(sysRq.unwritten()).hasValue(1_234);
    }

    @Test
    void messagesReachTheLogAndTheConsole() throws IOException {
        Path log = Files.createFile(directory.resolve("kmsg"));
        Path console = Files.createFile(directory.resolve("console"));

        sysRq.say("stuck");

        assertThat(log).hasContent("<0>quiesced: stuck");
        assertThat(console).content().contains("quiesced: stuck\r\n");
    }

    @Test
    @Timeout(20)
    void unreadConsoleDoesNotBlock() throws IOException {
        Path log = Files.createFile(directory.resolve("kmsg"));
        Host.makeFifo(directory.resolve("console").toString(), 0600);
        // More than a pipe holds, which is 64 KiB.
        String line = "x".repeat(4_000);
        for (int i = 0; i < 30; i++) {
            sysRq.say(line);
        }

        assertThat(Files.size(log)).as("the kernel's log has the line").isGreaterThan(4_000);
    }

    @Test
    void missingFilesAreReportedByTheRestartOnly() throws IOException {
        Files.delete(trigger);

        sysRq.say("stuck");

        assertThat(directory).isEmptyDirectory();
        assertThatThrownBy(sysRq::restart)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("sysrq-trigger: No such file or directory");
    }
}
