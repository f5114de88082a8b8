// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pipes between hook and daemon: neither side ever waits for the other to read. */
@Timeout(value = 30, unit = SECONDS)
class FifoPairTest {
    /** More lines than a pipe holds (pipe(7): 64 KiB). */
    private static final int MANY = 10_000;

    @TempDir
    private Path directory;

    private FifoPair pipes;

    @BeforeEach
    void make() throws IOException {
        pipes = new FifoPair(directory);
    }

    @AfterEach
    void close() {
        pipes.close();
    }

    private RandomAccessFile open(String name) throws IOException {
        return new RandomAccessFile(directory.resolve(name).toFile(), "rw");
    }

    @Test
    void requestsComeLineByLine() throws IOException {
        try (RandomAccessFile hook = open("request")) {
            hook.writeBytes("early reboot\nlate reboot 1\n");
        }
        assertThat(pipes.read()).isEqualTo("early reboot");
        assertThat(pipes.read()).isEqualTo("late reboot 1");
    }

    @Test
    void unreadAnswersAreDroppedAsWholeLines() throws IOException {
        for (int i = 0; i < MANY; i++) {
            pipes.answer("1 progress " + i);
        }
        try (RandomAccessFile hook = open("answer")) {
            assertThat(hook.readLine()).isEqualTo("1 progress 0");
            assertThat(hook.readLine()).isEqualTo("1 progress 1");
        }
    }

    @Test
    void beginningIsSignalledByRemovingAFile() throws IOException {
        Path mine = Files.createFile(directory.resolve("waiting.42"));
        Path other = Files.createFile(directory.resolve("waiting.43"));
        pipes.begun("42");
        pipes.begun("44");
        assertThat(mine).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void pipesAreAccessibleToTheirOwnerOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("request"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("answer"))))
                .isEqualTo("rw-------");
    }

    @Test
    void newPipesAreEmpty() throws IOException {
        pipes.answer("1 end");
        pipes.close();
        pipes = new FifoPair(directory);
        pipes.answer("2 end");
        try (RandomAccessFile hook = open("answer")) {
            assertThat(hook.readLine()).isEqualTo("2 end");
        }
    }
}
