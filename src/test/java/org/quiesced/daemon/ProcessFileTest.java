// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon publishes its process number even without space for a file. */
class ProcessFileTest {
    private static final long SELF = ProcessHandle.current().pid();

    @TempDir
    private Path directory;

    @Test
    void processFileReplacesAnOlderOne() throws IOException {
        Path file = Files.writeString(directory.resolve("pid"), "1\n");
        ProcessFile.publish(file, SELF);

        assertThat(file).hasContent(SELF + " 4\n");
        assertThat(directory).isDirectoryContaining("glob:**/pid").isDirectoryNotContaining("glob:**/pid.new");
    }

    @Test
    void linkToProcfsReplacesAnUnwritableProcessFile() throws IOException {
        Path file = directory.resolve("pid");
        ProcessFile.publish(file, SELF, path -> {
            Files.createFile(path);
            throw new IOException("No space left on device");
        });

        assertThat(Files.isSymbolicLink(file)).isTrue();
        assertThat(Files.readString(file)).startsWith(SELF + " (");
    }
}
