// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.linux.Host;

/** A missing or unread console delays no caller. */
@Timeout(value = 30, unit = SECONDS)
class SystemConsoleTest {
    /** More lines than a pipe or a terminal's buffer holds. */
    private static final int MANY = 10_000;

    @TempDir
    private Path directory;

    @Test
    void linesBeyondTheBufferAreDropped() throws IOException {
        Path path = directory.resolve("console");
        Host.makeFifo(path.toString(), 0600);
        SystemConsole console = new SystemConsole(path);
        for (int i = 0; i < MANY; i++) {
            console.show("quiesced: 1 of 2 down");
        }
        assertThat(path).exists();
    }

    @Test
    void linesAreShown() throws IOException {
        Path path = Files.createFile(directory.resolve("console"));
        SystemConsole console = new SystemConsole(path);
        console.show("quiesced: 1 of 2 down");
        console.show("quiesced: 2 of 2 down");
        assertThat(path).content().isEqualTo("quiesced: 1 of 2 down\nquiesced: 2 of 2 down\n");
    }

    @Test
    void missingConsoleIsNoError() {
        SystemConsole console = new SystemConsole(directory.resolve("none"));
        console.show("quiesced: 1 of 2 down");
        assertThat(directory).isEmptyDirectory();
    }
}
