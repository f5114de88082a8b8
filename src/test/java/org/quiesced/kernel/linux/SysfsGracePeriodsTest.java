// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysfsGracePeriodsTest {
    @TempDir
    private Path directory;

    private Path sys;
    private Path note;
    private SysfsGracePeriods gracePeriods;
    private int processes;

    @BeforeEach
    void aMachine() {
        sys = directory.resolve("sys");
        note = directory.resolve("run/rcu_expedited");
        gracePeriods = anotherProcess();
    }

    private SysfsGracePeriods anotherProcess() {
        return new SysfsGracePeriods(sys, note, directory.resolve("proc"), ++processes);
    }

    private Path kernelHas(String value) throws IOException {
        Files.createDirectories(sys.resolve("kernel"));
        return Files.writeString(sys.resolve("kernel/rcu_expedited"), value);
    }

    @Test
    void expeditingIsSetAndRestored() throws IOException {
        Path file = kernelHas("0\n");

        Runnable asBefore = gracePeriods.expedite();

        assertThat(file).content().startsWith("1");
        asBefore.run();
        assertThat(file).content().startsWith("0");
        assertThat(note).as("nothing is left to be put back").isEmptyFile();
    }

    @Test
    void valueSetByTheAdministratorIsKept() throws IOException {
        Path file = kernelHas("1\n");

        gracePeriods.expedite().run();

        assertThat(file).content().startsWith("1");
    }

    @Test
    void kernelWithoutTheSettingIsUnchanged() {
        gracePeriods.expedite().run();

        assertThat(directory).isEmptyDirectory();
        assertThat(gracePeriods.recover()).isFalse();
    }

    @Test
    void nextStartAfterACrashRestoresTheValue() throws IOException {
        Path file = kernelHas("0\n");
        gracePeriods.expedite();

        assertThat(anotherProcess().recover()).isTrue();

        assertThat(file).content().startsWith("0");
        assertThat(anotherProcess().recover()).as("once").isFalse();
    }

    private void isInState(int process, String state) throws IOException {
        Path of = Files.createDirectories(directory.resolve("proc/" + process));
        Files.writeString(of.resolve("status"), "State:\t" + state + "\n");
    }

    @Test
    void valueIsNotRestoredWhileAnAskingProcessLives() throws IOException {
        Path file = kernelHas("0\n");
        gracePeriods.expedite();
        anotherProcess().expedite();
        isInState(2, "S (sleeping)");

        assertThat(anotherProcess().recover()).isFalse();
        assertThat(file).content().startsWith("1");

        isInState(2, "Z (zombie)");
        assertThat(anotherProcess().recover()).isTrue();
        assertThat(file).content().startsWith("0");
    }

    @Test
    void noteWithoutProcessesCountsAsLeft() throws IOException {
        Path file = kernelHas("1\n");
        Files.createDirectories(note.getParent());
        Files.writeString(note, "0\n");

        assertThat(gracePeriods.recover()).isTrue();
        assertThat(file).content().startsWith("0");
    }

    @Test
    void nextStartWithoutACrashChangesNothing() throws IOException {
        gracePeriods.expedite().run();
        Path file = kernelHas("1\n");

        assertThat(anotherProcess().recover()).isFalse();

        assertThat(file).content().startsWith("1");
    }

    @Test
    void runAfterACrashRestoresTheValueBeforeTheCrash() throws IOException {
        Path file = kernelHas("0\n");
        gracePeriods.expedite();

        anotherProcess().expedite().run();

        assertThat(file).content().startsWith("0");
    }

    @Test
    void concurrentRunsRestoreTheOriginalValue() throws IOException {
        Path file = kernelHas("0\n");
        Runnable first = gracePeriods.expedite();
        Runnable second = anotherProcess().expedite();

        first.run();
        assertThat(file).content().startsWith("0");
        second.run();

        assertThat(file).content().startsWith("0");
    }

    @Test
    void laterConcurrentRunRestoresTheOriginalValue() throws IOException {
        Path file = kernelHas("0\n");
        Runnable first = gracePeriods.expedite();
        Runnable second = anotherProcess().expedite();
        first.run();
        Runnable third = anotherProcess().expedite();
        assertThat(file).content().startsWith("1");

        second.run();
        third.run();

        assertThat(file).content().startsWith("0");
    }

    @Test
    void settingIsUnchangedWhenNoNoteCanBeWritten() throws IOException {
        Path file = kernelHas("0\n");
        Files.createDirectories(note);

        Runnable asBefore = gracePeriods.expedite();

        assertThat(file).hasContent("0");
        asBefore.run();
        assertThat(file).hasContent("0");
    }

    @Test
    void lockedNoteIsNotAwaitedForLong() throws IOException {
        Path file = kernelHas("0\n");
        Runnable asBefore = gracePeriods.expedite();
        try (FileChannel held = FileChannel.open(note, StandardOpenOption.WRITE)) {
            held.lock();

            anotherProcess().expedite().run();
            assertThat(file).as("the note is not to be had").content().startsWith("1");
            asBefore.run();
        }
        assertThat(file).as("the value is known").content().startsWith("0");
    }
}
