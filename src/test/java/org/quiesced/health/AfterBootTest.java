// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.quiesced.history.Counters;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.Proof;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.Records;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.method.DriveIdentity;
import org.quiesced.snapshot.ExpectedTimesFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** After a boot, drives report whether they were shut down cleanly. */
class AfterBootTest extends RecordedBootTest {
    @Test
    void unchangedCounterProvesACleanShutdown() throws Exception {
        boot(Records.BOOT, drive(0, 7, 2), drive(1, 9, 0), drive(2, 3, 3));
        shutDown(3, 3);

        AfterBoot.Result result = boot("next", drive(0, 8, 2), drive(1, 10, 0), drive(2, 4, 3));

        assertThat(texts(result)).containsExactly("3 of 3 drives report a clean shutdown");
        assertThat(proofs(result)).containsOnly(Proof.CLEAN);
        DeviceRecord first = files.read().records().get(0).record().devices().get(0);
        assertThat(first.identity()).contains(new DriveIdentity(MODEL, "S0"));
        assertThat(first.before()).contains(Records.counters(7, 2));
        assertThat(first.after()).contains(Records.counters(8, 2));
    }

    @Test
    void unsafeShutdownIsAWarningWithTheDriveAndItsOutcome() throws Exception {
        boot(Records.BOOT, drive(0, 7, 2), drive(1, 9, 0), drive(2, 3, 3));
        shutDown(3, 3);

        AfterBoot.Result result = boot("next", drive(0, 8, 2), drive(1, 10, 1), drive(2, 4, 4));

        assertThat(texts(result))
                .containsExactly(
                        "1 of 3 drives report a clean shutdown",
                        "0000:04:00.0 (nvme1), Fast 1 S1, reports an unsafe shutdown (0 counted before, 1 now);"
                                + " it was down after 3.00s in the late phase",
                        "0000:05:00.0 (nvme2), Fast 1 S2, reports an unsafe shutdown (3 counted before, 4 now);"
                                + " it was left to the kernel: in use, mounted on /");
        assertThat(result.lines()).extracting(LogLine::warning).containsExactly(false, true, true);
        assertThat(result.lines().get(1).written(true)).startsWith("<4>0000:04:00.0");
        assertThat(result.lines().get(1).written(false)).startsWith("0000:04:00.0");
    }

    /** A restart without a loss of power proves nothing, because no data could have been lost. */
    @Test
    void drivesThatKeptTheirPowerAreReported() throws Exception {
        boot(Records.BOOT, drive(0, 7, 2), drive(1, 9, 0));
        shutDown(3, 3);

        assertThat(texts(boot("next", drive(0, 7, 2), drive(1, 10, 0))))
                .containsExactly("2 of 2 drives report a clean shutdown, 1 of them have not lost their power");
    }

    @Test
    void driveIsIdentifiedByItsSerialNumberAndNotByItsPlace() throws Exception {
        boot(Records.BOOT, drive(0, 7, 2), drive(1, 9, 0));
        shutDown(3, 3);
        Drive moved =
                new Drive(drive(1, 0, 0).path(), "nvme0", "nvme", MODEL, "S0", Optional.of(Records.counters(8, 3)));
        Drive replaced =
                new Drive(drive(0, 0, 0).path(), "nvme1", "nvme", MODEL, "NEW", Optional.of(Records.counters(1, 0)));

        AfterBoot.Result result = boot("next", moved, replaced);

        assertThat(proofs(result)).containsExactly(Proof.UNSAFE, Proof.UNKNOWN, Proof.UNKNOWN);
        assertThat(texts(result).get(0))
                .isEqualTo("0 of 1 drives report a clean shutdown; 1 did not answer, or were replaced");
    }

    @Test
    void decreasingCountersProveNothing() throws Exception {
        boot(Records.BOOT, drive(0, 7, 2), drive(1, 9, 5));
        shutDown(3, 3);

        assertThat(texts(boot("next", drive(0, 1, 9), drive(1, 10, 0))))
                .containsExactly("no drive has reported whether it was shut down cleanly");
    }

    @Test
    void placeDecidesBetweenEqualSerialNumbers() throws Exception {
        Drive one = new Drive(drive(0, 0, 0).path(), "nvme0", "nvme", MODEL, "0", Optional.of(Records.counters(7, 2)));
        Drive other =
                new Drive(drive(1, 0, 0).path(), "nvme1", "nvme", MODEL, "0", Optional.of(Records.counters(9, 5)));
        boot(Records.BOOT, one, other);
        shutDown(3, 3);

        AfterBoot.Result result = boot("next", one.with(Records.counters(8, 2)), other.with(Records.counters(10, 6)));

        assertThat(proofs(result)).containsExactly(Proof.CLEAN, Proof.UNSAFE, Proof.UNKNOWN);
    }

    @Test
    void bootWithoutARecordedEndIsCompared() throws Exception {
        boot("before", drive(0, 7, 2));

        AfterBoot.Result result = boot("next", drive(0, 8, 3));

        assertThat(result.kept()).isEmpty();
        assertThat(texts(result))
                .containsExactly(
                        "0 of 1 drives report a clean shutdown",
                        "nvme0, Fast 1 S0, reports an unsafe shutdown (2 counted before, 3 now);"
                                + " the end of that boot was not recorded");
        assertThat(texts(boot("next", drive(0, 8, 3)))).as("said once").isEmpty();
    }

    @Test
    void countersOfAnotherBootProveNothing() throws Exception {
        boot("another", drive(0, 7, 2));
        shutDown(3, 3);

        AfterBoot.Result result = boot("next", drive(0, 8, 3));

        assertThat(proofs(result)).containsOnly(Proof.UNKNOWN);
        assertThat(texts(result).get(1)).endsWith("; the end of that boot was not recorded");
    }

    @Test
    void secondReadingInABootKeepsMissingDrives() throws Exception {
        boot(Records.BOOT, drive(0, 7, 2), drive(1, 9, 0));
        boot(Records.BOOT, drive(1, 9, 0));
        shutDown(3, 3);

        assertThat(texts(boot("next", drive(0, 8, 2), drive(1, 10, 0))))
                .containsExactly("2 of 2 drives report a clean shutdown");
    }

    @Test
    void driveThatDoesNotAnswerASecondTimeKeepsItsCounters() throws Exception {
        boot(Records.BOOT, drive(0, 7, 2), drive(1, 9, 0));
        boot(Records.BOOT, drive(0, Optional.empty()), drive(1, 9, 0));
        shutDown(3, 3);

        assertThat(texts(boot("next", drive(0, 8, 2), drive(1, 10, 0))))
                .containsExactly("2 of 2 drives report a clean shutdown");
    }

    @Test
    void lossOfPowerWhileTheSystemRunsIsReportedAndNotAttributedToTheShutdown() throws Exception {
        boot(Records.BOOT, drive(0, 7, 2), drive(1, 9, 0));

        assertThat(texts(boot(Records.BOOT, drive(0, 8, 3), drive(1, 9, 0))))
                .containsExactly("nvme0, Fast 1 S0, reports an unsafe shutdown (2 counted before, 3 now); it lost its"
                        + " power while the system was running");

        shutDown(3, 3);
        assertThat(texts(boot("next", drive(0, 9, 3), drive(1, 10, 0))))
                .containsExactly("2 of 2 drives report a clean shutdown");
    }

    @Test
    void driveThatIsAddedAfterTheBootIsCompared() throws Exception {
        boot(Records.BOOT, drive(0, 7, 2));
        boot(Records.BOOT, drive(0, 7, 2), drive(1, 9, 0));
        shutDown(3, 3);

        assertThat(proofs(boot("next", drive(0, 8, 2), drive(1, 10, 1))))
                .containsExactly(Proof.CLEAN, Proof.UNSAFE, Proof.UNKNOWN);
    }

    @Test
    void damagedFileOfDrivesIsReportedAndReplaced() throws Exception {
        Files.writeString(files.directory().resolve("drives.json"), "{\"format\": \"quiesced-dri");
        shutDown(3, 3);

        AfterBoot.Result result = boot("next", drive(0, 8, 2));

        assertThat(result.kept()).isPresent();
        assertThat(texts(result).get(0)).contains("drives.json: damaged: ").endsWith("; it is replaced");
        assertThat(new DrivesFile(files.directory()).read().orElseThrow().boot())
                .isEqualTo("next");
    }

    @Test
    void recordIsKeptWhenDrivesCannotBeRead() throws Exception {
        shutDown(3, 3);
        AfterBoot.Result result = afterBoot().run("next", () -> {
            throw new IOException("/sys: Input/output error");
        });

        assertThat(files.read().records()).hasSize(1);
        assertThat(texts(result)).containsExactly("the drives cannot be read: /sys: Input/output error");
    }

    @Test
    void theFactsOfTheLastShutdownAreWrittenOnceThereIsOne() throws Exception {
        Path facts = run.resolve(FactsFile.NAME);
        boot(Records.BOOT, drive(0, 7, 2), drive(1, 9, 0), drive(2, 3, 3));
        assertThat(facts).doesNotExist();
        shutDown(3, 4);
        boot("next", drive(0, 8, 2), drive(1, 10, 1), drive(2, 4, 3));

        JsonNode written = JsonMapper.shared().readTree(Files.readString(facts));
        assertThat(written.get("number").asInt()).isEqualTo(1);
        assertThat(written.get("unsafe").asInt()).isEqualTo(1);
        shutDown("next", 1, 1);
        boot("after", drive(0, 9, 2), drive(1, 11, 1), drive(2, 5, 3));
        written = JsonMapper.shared().readTree(Files.readString(facts));
        assertThat(written.get("number").asInt()).isEqualTo(2);
        assertThat(written.get("unsafe").asInt()).isZero();
        try (Stream<Path> left = Files.list(run)) {
            assertThat(left.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder(FactsFile.NAME, ExpectedTimesFile.NAME);
        }
    }

    @Test
    void factsThatCannotBeWrittenAreNoReasonToFail() throws Exception {
        Files.createDirectories(run.resolve(FactsFile.NAME).resolve("in the way"));
        shutDown(3, 3);

        AfterBoot.Result result = boot("next", drive(0, 8, 2));

        assertThat(result.kept()).isPresent();
        assertThat(texts(result))
                .last()
                .asString()
                .startsWith("cannot be written: ")
                .contains(FactsFile.NAME);
    }

    /** A record of version 0.1.0 has no counters, no model and no usual times. */
    @Test
    void recordOfAnOlderVersionIsRead() throws Exception {
        ShutdownRecord planned = Records.planned();
        Path file = files.keep(planned).file();
        String older = Files.readString(file)
                .replaceAll("(?m)^.*\"(before|after|usual|model|serial)\" : .*\\n", "")
                .replaceAll(",(\\s*})", "$1");
        assertThat(older).doesNotContain("\"before\"").doesNotContain("\"usual\"");
        Files.writeString(file, older);

        assertThat(RecordFiles.read(file)).isEqualTo(planned);
    }

    private static Drive disk(int number, long cycles) {
        return drive(number, Optional.of(Counters.ofDisk(BigInteger.valueOf(cycles))));
    }

    @Test
    void aDiskThatWasStoppedAtARestartIsNamed() throws Exception {
        boot(Records.BOOT, disk(0, 41), disk(1, 7), drive(2, 3, 3));
        shutDown(3, 3);

        AfterBoot.Result result = boot("next", disk(0, 42), disk(1, 7), drive(2, 4, 3));

        assertThat(texts(result))
                .as("disks count no unsafe shutdowns")
                .containsExactly(
                        "1 of 1 drives report a clean shutdown",
                        "0000:03:00.0 (nvme0), Fast 1 S0, counted 1 more start-stop cycle: it was stopped, or lost its"
                                + " power");
        assertThat(proofs(result)).containsExactly(Proof.UNKNOWN, Proof.UNKNOWN, Proof.CLEAN);
        RecordFiles.Contents records = files.read();
        assertThat(HealthText.page(
                                records,
                                DriveHistory.of(records, new DrivesFile(files.directory()).read()),
                                ZoneId.of("UTC"))
                        .lines())
                .contains(
                        "DRIVE  CLEAN  CYCLES  UNSAFE  STARTS  LAST   SLOW  MODEL   SERIAL",
                        "nvme0      -       -       -      42  -         -  Fast 1  S0");
    }

    @Test
    void aDiskThatWasReplacedCountsNothing() throws Exception {
        boot(Records.BOOT, disk(0, 41));
        shutDown(3, 3);

        assertThat(texts(boot("next", disk(0, 3)))).isEmpty();
    }
}
