// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quiesced.report.NarrowSpace.assertThatItFits;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.history.Proof;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.Records;
import org.quiesced.report.Layout;
import org.quiesced.report.Outcome;
import org.quiesced.report.Page;

/** The history of each drive lists its shutdowns and their proofs. */
class DriveHistoryTest extends RecordedBootTest {
    private static final RecordFiles.Contents NONE = new RecordFiles.Contents(List.of());

    @Test
    void historyOfADriveHasEachShutdown() throws Exception {
        shutDowns(1);
        boot(Records.BOOT, drive(0, 8, 2), drive(1, 10, 0));
        shutDown(1, 2);
        boot("next", drive(0, 9, 3));

        List<DriveHistory> drives = DriveHistory.of(files.read(), new DrivesFile(files.directory()).read());

        Page page = HealthText.page(files.read(), drives, ZoneId.of("UTC"));
        assertThatItFits(page);
        assertThat(drives).extracting(DriveHistory::serial).containsExactly("S0", "S1");
        assertThat(drives.get(0).shutdowns())
                .extracting(DriveHistory.Entry::proof)
                .containsExactly(Proof.CLEAN, Proof.UNSAFE);
        assertThat(drives.get(0).shutdowns().get(0).outcome()).isEqualTo(Outcome.DOWN);
        String warning = "0000:03:00.0 (nvme0), Fast 1 S0, reports an unsafe shutdown (2 counted before, 3 now); it was"
                + " down after 1.00s in the late phase";
        assertThat(drives.get(0).last()).contains(new DriveHistory.Last(2, Proof.UNSAFE, Optional.of(warning)));
        assertThat(drives.get(1).last()).contains(new DriveHistory.Last(2, Proof.UNKNOWN, Optional.empty()));
        assertThat(page.lines())
                .containsExactly(
                        "Shutdown 2 (Wed 2026-11-18 11:06:40, reboot): 0 of 1 drives report a clean shutdown; 1 did not"
                                + " answer, or were replaced.",
                        "Warning: " + warning + ".",
                        "",
                        "DRIVE                 CLEAN  CYCLES  UNSAFE  LAST    SLOW  MODEL   SERIAL",
                        "nvme0                   1/2       9       3  unsafe   0/1  Fast 1  S0",
                        "0000:04:00.0 (nvme1)    1/1       -       -  -        0/1  Fast 1  S1 (not present)");
    }

    @Test
    void earlierUnsafeShutdownIsReportedBelowTheTable() throws Exception {
        boot(Records.BOOT, drive(0, 8, 2));
        shutDown(1, 2);
        boot("second", drive(0, 9, 3));
        shutDown("second", 1, 2);
        boot("third", drive(0, 10, 3));

        List<DriveHistory> drives = DriveHistory.of(files.read(), new DrivesFile(files.directory()).read());

        assertThat(HealthText.page(files.read(), drives, ZoneId.of("UTC")).lines())
                .containsExactly(
                        "Shutdown 2 (Wed 2026-11-18 11:06:40, reboot): 1 of 1 drives report a clean shutdown.",
                        "",
                        "DRIVE  CLEAN  CYCLES  UNSAFE  LAST   SLOW  MODEL   SERIAL",
                        "nvme0    1/2      10       3  clean   0/1  Fast 1  S0",
                        "nvme0: unsafe in shutdown 1 (Wed 2026-11-18 11:06:40, reboot): it was down after 1.00s in the"
                                + " late phase");
    }

    /** The usual time is known from the second shutdown on. */
    @Test
    void slowShutdownsOfADriveAreCounted() throws Exception {
        shutDowns(1, 1.2, 9, 1.1, 8);

        List<DriveHistory> drives = DriveHistory.of(files.read(), new DrivesFile(files.directory()).read());
        Page page = HealthText.page(files.read(), drives, ZoneId.of("UTC"));

        assertThat(drives.get(0).shutdowns())
                .extracting(DriveHistory.Entry::slow)
                .containsExactly(
                        Optional.empty(), Optional.of(false), Optional.of(true), Optional.of(false), Optional.of(true));
        assertThat(column("SLOW", page.lines())).containsExactly("2/4", "0/4");
    }

    private static List<String> column(String head, List<String> lines) {
        int end = lines.get(2).indexOf(head) + head.length();
        return lines.subList(3, lines.size()).stream()
                .map(line -> line.substring(end - head.length(), end).strip())
                .toList();
    }

    @Test
    void narrowTerminalLacksTheColumnSlowBeforeTheSerialNumber() throws Exception {
        shutDowns(1, 9);
        List<DriveHistory> drives = DriveHistory.of(files.read(), new DrivesFile(files.directory()).read());
        Page page = HealthText.page(files.read(), drives, ZoneId.of("UTC"));

        assertThat(head(page, 80)).contains("SLOW", "MODEL", "SERIAL");
        assertThat(head(page, 46)).contains("SLOW", "SERIAL").doesNotContain("MODEL");
        assertThat(head(page, 42)).contains("CLEAN", "LAST", "SERIAL").doesNotContain("SLOW");
    }

    private static String head(Page page, int columns) {
        return page.lines(new Layout(columns, columns, false)).stream()
                .filter(line -> line.startsWith("DRIVE"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void emptyHistoryNamesTheServiceThatReadsDrives() {
        assertThat(HealthText.page(NONE, DriveHistory.of(NONE, Optional.empty()), ZoneId.of("UTC"))
                        .lines())
                .containsExactly("No drive is known yet: quiesced-history.service queries the drives at boot.");
    }
}
