// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PseudoFileTest {
    private static final int PAGE = 4096;

    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("attribute"), content);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, PAGE - 1, PAGE})
    void attributeOfUpToAPageIsReadCompletely(int length) throws IOException {
        String content = "0123456789".repeat(PAGE).substring(0, length);
        Path file = file(content);

        assertThat(PseudoFile.read(file.toString())).contains(content);
        assertThat(PseudoFile.readIfThere(file.toString())).contains(content);
    }

    @Test
    void contentBeyondAPageIsOmitted() throws IOException {
        assertThat(PseudoFile.read(file("x".repeat(PAGE + 1)).toString())).contains("x".repeat(PAGE));
    }

    /** The file is longer than the first read. The kernel keeps its content for the second. */
    @Test
    void fileOfProcfsIsReadInTwoParts() {
        Optional<String> status = PseudoFile.read("/proc/self/status");

        assertThat(status.orElseThrow().lines().map(line -> line.split(":")[0])).contains("Name", "Uid", "CapBnd");
    }

    @Test
    void lineEndIsOmitted() throws IOException {
        assertThat(PseudoFile.read(file("live\n").toString())).contains("live");
    }

    @Test
    void missingFileIsEmpty() throws IOException {
        assertThat(PseudoFile.read(directory + "/none")).isEmpty();
        assertThat(PseudoFile.readIfThere(directory + "/none")).isEmpty();
    }
}
