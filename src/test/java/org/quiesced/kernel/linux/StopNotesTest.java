// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.device.Device;
import org.quiesced.shutdown.Verb;

/** A note counts once its process has ended, and not before. */
class StopNotesTest {
    private static final Device DISK =
            new Device("/devices/pci0000:00/host0/0:0:0:0", "scsi", true, Optional.of("sd"), Map.of());
    private static final Set<Verb> VERBS = Set.of(Verb.POWEROFF, Verb.HALT);

    @TempDir
    private Path root;

    private StopNotes first;
    private StopNotes second;

    @BeforeEach
    void makeProcesses() throws IOException {
        state("10", "S (sleeping)");
        state("11", "S (sleeping)");
        first = notes(10);
        second = notes(11);
    }

    private StopNotes notes(long process) {
        return new StopNotes(root.resolve("run/stops"), root.resolve("proc"), process);
    }

    private void state(String process, String state) throws IOException {
        Path directory = Files.createDirectories(root.resolve("proc/" + process));
        Files.writeString(directory.resolve("status"), "Name:\tjava\nState:\t" + state + "\n");
    }

    @Test
    void noteOfALivingProcessIsNotLeft() {
        first.note(DISK, VERBS);

        assertThat(first.left()).isEmpty();
        assertThat(second.left()).isEmpty();
    }

    @Test
    void noteOfAnEndedProcessIsLeft() {
        notes(12).note(DISK, VERBS);

        assertThat(second.left()).containsOnly(Map.entry(DISK, VERBS));
    }

    @Test
    void noteNamesBusAndDriver() {
        Device other = new Device("/devices/platform/1d84000.ufs", "platform", true, Optional.of("ufs"), Map.of());
        notes(12).note(other, VERBS);

        assertThat(second.left()).containsOnly(Map.entry(other, VERBS));
    }

    @Test
    void zombieWithAWaitingThreadHasEnded() throws IOException {
        first.note(DISK, VERBS);
        state("10", "Z (zombie)");

        assertThat(second.left()).containsOnlyKeys(DISK);
    }

    @Test
    void clearedNoteIsNotLeft() {
        notes(12).note(DISK, VERBS);
        second.clear(DISK);

        assertThat(second.left()).isEmpty();
        second.clear(DISK);
    }

    @Test
    void truncatedNoteIsIgnored() throws IOException {
        Path directory = Files.createDirectories(root.resolve("run/stops"));
        Files.writeString(directory.resolve("0:0:0:0"), "12 " + DISK.path() + " scsi sd powero");
        Files.writeString(directory.resolve("0:0:1:0"), "12");
        Files.writeString(directory.resolve("0:0:3:0"), "12 " + DISK.path() + " scsi sd\n");
        Files.writeString(directory.resolve("0:0:2:0"), "");

        assertThat(second.left()).isEmpty();
    }

    @Test
    void unwritableDirectoryHasNoNotes() throws IOException {
        Files.writeString(root.resolve("run"), "");
        first.note(DISK, VERBS);
        first.clear(DISK);

        assertThat(second.left()).isEmpty();
    }
}
