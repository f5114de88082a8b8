// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.host.PastJournal;

/** journalctl(1) may be absent, be slow, or print too much. */
class JournalctlTest {
    private static final PastJournal.Query QUERY = new PastJournal.Query(
            "0c2f6e1e-51a5-4c6f-9d0e-7d5c7d6a2b11",
            List.of(List.of("_PID=1", "A=1"), List.of("B=2")),
            List.of("MESSAGE", "UNIT"));

    @TempDir
    private Path directory;

    private Journalctl journalctl(String script, Duration limit) throws IOException {
        Path file = directory.resolve("journalctl");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return new Journalctl(file.toString(), limit);
    }

    @Test
    void bootIsSelectedByMatches() throws IOException {
        String boot = "_BOOT_ID=0c2f6e1e51a54c6f9d0e7d5c7d6a2b11";

        assertThat(journalctl("printf '%s\\n' \"$@\"", Duration.ofMinutes(1)).entries(QUERY))
                .contains("--output=json", "--output-fields=MESSAGE,UNIT")
                .endsWith(boot, "_PID=1", "A=1", "+", boot, "B=2");
    }

    @Test
    void truncatedLineIsDropped() throws IOException {
        assertThat(journalctl("printf 'one\\ntwo'", Duration.ofMinutes(1)).entries(QUERY))
                .containsExactly("one");
    }

    @Test
    void hungJournalctlIsKilledAtTheLimit() throws IOException {
        Journalctl slow = journalctl("echo one; exec sleep 600", Duration.ofMillis(300));

        assertThatThrownBy(() -> slow.entries(QUERY))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("journalctl did not end within");
    }

    @Test
    void failureOfJournalctlIsNoEmptyJournal() throws IOException {
        Journalctl failing = journalctl("exit 1", Duration.ofMinutes(1));

        assertThatThrownBy(() -> failing.entries(QUERY)).hasMessage("journalctl failed");
    }

    @Test
    void endlessOutputIsReadInPart() throws IOException {
        assertThat(journalctl("exec yes", Duration.ofMinutes(1)).entries(QUERY)).hasSize(4 << 20);
    }

    @Test
    void missingJournalctlIsReported() {
        Journalctl absent = new Journalctl(directory.resolve("absent").toString(), Duration.ofSeconds(1));

        assertThatThrownBy(() -> absent.entries(QUERY)).hasMessage("journalctl cannot be started");
    }
}
