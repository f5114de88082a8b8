// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of the daemon's unit restores a kernel setting that a crash has left changed. */
class RecoverScriptTest {
    @TempDir
    private Path directory;

    private Path setting;
    private Path note;

    @BeforeEach
    void aMachine() throws IOException {
        setting = Files.createDirectories(directory.resolve("sys/kernel")).resolve("rcu_expedited");
        note = Files.createDirectories(directory.resolve("run/quiesced")).resolve("rcu_expedited");
        Files.writeString(setting, "1\n");
    }

    private void recover() throws IOException, InterruptedException {
        String script = Script.of("packaging/bin/lifeboat", directory).text();
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script, "lifeboat", "recover");
        assertThat(Programs.output(builder.redirectErrorStream(true))).isEmpty();
    }

    @Test
    void formerValueIsRestoredOnce() throws IOException, InterruptedException {
        Files.writeString(note, "0\n4711\n4712\n");

        recover();

        assertThat(setting).hasContent("0");
        assertThat(note).isEmptyFile();
        Files.writeString(setting, "1\n");
        recover();
        assertThat(setting).as("value set afterwards by an administrator").hasContent("1");
    }

    @Test
    void settingIsUnchangedWithoutACrash() throws IOException, InterruptedException {
        recover();
        assertThat(setting).hasContent("1");

        Files.createFile(note);
        recover();
        assertThat(setting).hasContent("1");
    }

    @Test
    void missingSettingIsNoError() throws IOException, InterruptedException {
        Files.writeString(note, "0\n");
        Files.delete(setting);

        recover();

        assertThat(setting).doesNotExist();
    }
}
