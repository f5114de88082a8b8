// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is cached lengthens the unmounting; an exitrd that the daemon's own script has made can be withdrawn. */
class LinuxExitrdTest {
    private static final String MEMORY = """
                MemTotal:       131072000 kB
                Buffers:         5000000 kB
                Cached:         51000000 kB
                SwapCached:     70000000 kB
                Shmem:           1000000 kB
                SReclaimable:    5000000 kB
                ShmemHugePages:        0 kB
                """;

    @TempDir
    private Path directory;

    private Duration unmounting(String memory) throws IOException {
        Files.writeString(directory.resolve("meminfo"), memory);
        return new LinuxExitrd(directory, directory).unmounting();
    }

    @Test
    void pagesOfFileSystemsInMemoryAndSwapDoNotCount() throws IOException {
        assertThat(unmounting(MEMORY)).isEqualTo(Duration.ofSeconds(1 + 10 + 10));
    }

    @Test
    void structuresDoNotCountBesideZfs() throws IOException {
        Files.createDirectory(directory.resolve("spl"));

        assertThat(unmounting(MEMORY)).isEqualTo(Duration.ofSeconds(1 + 10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MemTotal: 1 kB\nCached: many kB\n",
                "MemTotal: 1 kB\nCached: 9",
                "MemTotal: 1 kB\nShmem: 9000000 kB\n"
            })
    void whatIsNotKnownCountsAsNothing(String memory) throws IOException {
        assertThat(unmounting(memory)).isZero();
    }

    @Test
    void withoutProcNothingIsKnown() {
        assertThat(new LinuxExitrd(directory, directory).unmounting()).isZero();
    }

    @Test
    void anExitrdOfOursIsWithdrawn() throws IOException {
        Files.writeString(mark(), "made\n");

        assertThat(new LinuxExitrd(directory, directory).withdraw()).isTrue();
        assertThat(mark()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"joined\n", ""})
    void anExitrdOfAnotherMakerIsNot(String mark) throws IOException {
        Files.writeString(mark(), mark);

        assertThat(new LinuxExitrd(directory, directory).withdraw()).isFalse();
        assertThat(mark()).exists();
    }

    @Test
    void thereIsNothingToWithdrawWithoutAnExitrd() {
        assertThat(new LinuxExitrd(directory, directory).withdraw()).isFalse();
    }

    private Path mark() {
        return directory.resolve("exitrd");
    }
}
