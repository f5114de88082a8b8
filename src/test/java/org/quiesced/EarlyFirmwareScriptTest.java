// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The early phase is skipped when firmware of a drive may be staged, and the hook is told what was found. */
class EarlyFirmwareScriptTest extends EarlyTest {
    private static final Path HISTORIES = Path.of("src/test/resources/fwupd");

    /**
     * The files are databases with fwupd's schema, made by SQLite, each with one update of the named plugin;
     * {@code empty} has none.
     */
    @ParameterizedTest
    @CsvSource({
        "ata,true",
        "ata-without-protocol,true",
        "ata-of-schema-2,true",
        "nvme,true",
        "scsi,true",
        "emmc,true",
        "dbx,false",
        "empty,false"
    })
    void stagedFirmwareOfADriveSkipsTheEarlyPhase(String history, boolean wait)
            throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve("var/lib/fwupd"));
        Files.copy(HISTORIES.resolve(history + ".db"), directory.resolve("var/lib/fwupd/pending.db"));
        shutdown("reboot");

        run("stopping");
        asked();
        Files.delete(directory.resolve("asked"));
        Files.delete(directory.resolve("run/quiesced/fwupd"));
        assertThat(run().contains("firmware of a drive may be staged")).isEqualTo(wait);
        if (!wait) {
            assertThat(asked()).isEqualTo("early ?\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"stopping,nvme,yes", "stopping,empty,no", "early,nvme,yes", "early,empty,no"})
    void stagedFirmwareIsRecordedForTheHook(String phase, String history, String known)
            throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve("var/lib/fwupd"));
        Files.copy(HISTORIES.resolve(history + ".db"), directory.resolve("var/lib/fwupd/pending.db"));
        shutdown("reboot");

        run("stopping");
        if (phase.equals("early")) {
            Files.delete(directory.resolve("run/quiesced/fwupd"));
            run();
        }

        assertThat(directory.resolve("run/quiesced/fwupd")).hasContent(known);
    }

    @Test
    void firmwareStagedBeforeTheUnmountingIsRemembered() throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve("var/lib/fwupd"));
        Path history = Files.copy(HISTORIES.resolve("nvme.db"), directory.resolve("var/lib/fwupd/pending.db"));
        shutdown("reboot");
        run("stopping");
        Files.delete(history);

        assertThat(run()).contains("firmware of a drive may be staged");
        assertThat(directory.resolve("run/quiesced/fwupd")).hasContent("yes");
    }

    @Test
    void cancelledShutdownClearsTheFirmwareRecord() throws IOException, InterruptedException {
        shutdown("reboot");
        run("stopping");
        assertThat(directory.resolve("run/quiesced/fwupd")).hasContent("no");

        run("limit");

        assertThat(directory.resolve("run/quiesced/fwupd")).doesNotExist();
    }

    @Test
    void firmwareRecordIsRemovedWithoutADaemon() throws IOException, InterruptedException {
        jobs("12 reboot.target start waiting\n");
        Files.writeString(directory.resolve("run/quiesced/fwupd"), "no\n");
        daemon.destroyForcibly().waitFor();

        run("stopping");

        assertThat(directory.resolve("run/quiesced/fwupd")).doesNotExist();
    }

    @Test
    void hookSearchesForTheSameFirmware() throws IOException {
        Pattern pattern = Pattern.compile("grep -\\w+ ('[^']*') \\$prefix/var/lib/fwupd/pending.db");
        Matcher early = pattern.matcher(Files.readString(Path.of("packaging/bin/early")));
        Matcher hook = pattern.matcher(Files.readString(Path.of("systemd/system-shutdown/quiesced")));

        assertThat(early.find()).isTrue();
        assertThat(hook.find()).isTrue();
        assertThat(hook.group(1)).isEqualTo(early.group(1));
    }
}
