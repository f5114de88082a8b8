// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.host.KernelLog;

class DevKmsgTest {
    @TempDir
    Path directory;

    private Path device() throws IOException {
        return Files.createFile(directory.resolve("kmsg"));
    }

    @Test
    void lineBeginsWithItsPriority() throws IOException {
        Path device = device();

        new DevKmsg(device.toString()).write(KernelLog.Priority.ERROR, "quiesced: a line");

        assertThat(device).hasContent("<3>quiesced: a line\n");
    }

    @Test
    void interruptedThreadWritesItsLineAndStaysInterrupted() throws IOException {
        Path device = device();

        Thread.currentThread().interrupt();
        new DevKmsg(device.toString()).write(KernelLog.Priority.INFO, "quiesced: the last line");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(device).hasContent("<6>quiesced: the last line\n");
    }

    @Test
    void lineIsLostWithoutALog() {
        DevKmsg log = new DevKmsg(directory.resolve("none").toString());

        assertThatCode(() -> log.write(KernelLog.Priority.INFO, "quiesced: a line"))
                .doesNotThrowAnyException();
    }
}
