// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.history.StoredRecord;

/** A damaged record stays that of its shutdown: the shutdown before it is never presented as the last one. */
class DamagedRecordsTest extends RecordedBootTest {
    @Test
    void damagedRecordOfTheLastShutdownIsReportedAndTheOneBeforeItIsNotTheLast() throws Exception {
        shutDowns(1, 1);
        boot("before", drive(0, 9, 2));
        shutDown("before", 1, 2);
        boot("next", drive(0, 10, 3));
        Files.writeString(files.directory().resolve("4.json"), "{\"format\": ");

        List<DriveHistory> drives = DriveHistory.of(files.read(), new DrivesFile(files.directory()).read());

        assertThat(drives).extracting(DriveHistory::last).containsOnly(Optional.empty());
        assertThat(HealthText.page(files.read(), drives, ZoneId.of("UTC")).lines())
                .containsExactly(
                        "Shutdown 4: its record is damaged, so what the drives report of it is not known.",
                        "",
                        "DRIVE                 CLEAN  CYCLES  UNSAFE  LAST  SLOW  MODEL   SERIAL",
                        "nvme0                   2/3      10       3  -      0/2  Fast 1  S0",
                        "0000:04:00.0 (nvme1)    2/2       -       -  -      0/1  Fast 1  S1 (not present)",
                        "nvme0: unsafe in shutdown 3 (Wed 2026-11-18 11:06:40, reboot): it was down after 1.00s in the"
                                + " late phase");
    }

    @Test
    void damagedLastRecordHasNoFactsAndIsReported() throws Exception {
        shutDown(3, 4);
        boot("next", drive(0, 8, 2));
        Files.delete(run.resolve(FactsFile.NAME));
        Path damaged = Files.writeString(files.directory().resolve("2.json"), "");

        AfterBoot.Result result = boot("next", drive(0, 8, 2));

        assertThat(result.last()).isEmpty();
        assertThat(run.resolve(FactsFile.NAME)).doesNotExist();
        assertThat(texts(result))
                .containsExactly(
                        "the record of shutdown 2 cannot be read: " + damaged + ": damaged: the file is empty");
    }

    @Test
    void shutdownAfterADamagedRecordHasTheNextNumber() throws Exception {
        shutDown(3, 4);
        boot("next", drive(0, 8, 2));
        Path damaged = Files.writeString(files.directory().resolve("2.json"), "{");
        shutDown("next", 1, 1);

        AfterBoot.Result result = boot("after", drive(0, 9, 2));

        assertThat(result.kept().orElseThrow().number()).isEqualTo(3);
        assertThat(result.last().orElseThrow().number()).isEqualTo(3);
        assertThat(damaged).hasContent("{");
        assertThat(files.read().stored()).extracting(StoredRecord::number).containsExactly(1, 2, 3);
    }
}
