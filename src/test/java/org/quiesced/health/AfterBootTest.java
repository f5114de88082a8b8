// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.history.Blame;
import org.quiesced.history.Completion;
import org.quiesced.history.Counters;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.Proof;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.Records;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.method.DriveIdentity;
import org.quiesced.report.Outcome;
import org.quiesced.snapshot.ExpectedTimesFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** After a boot, drives report whether they were shut down cleanly, and their times are learned. */
class AfterBootTest {
    private static final String MODEL = "Fast 1";

    @TempDir
    private Path directory;

    private RecordFiles files;
    private Path run;

    @BeforeEach
    void prepare() throws IOException {
        files = new RecordFiles(directory.resolve("records"));
        run = directory.resolve("run");
        Files.createDirectories(files.directory());
    }

    private AfterBoot.Result boot(String boot, Drive... drives) throws Exception {
        return new AfterBoot(
                        new Completion(files, List.of(), Optional.empty(), problem -> {}),
                        files,
                        new ExpectedFile(run.resolve(ExpectedTimesFile.NAME)),
                        new FactsFile(run.resolve(FactsFile.NAME)))
                .run(boot, () -> List.of(drives));
    }

    private static Drive drive(int number, long cycles, long unsafe) {
        return drive(number, Optional.of(Records.counters(cycles, unsafe)));
    }

    private static Drive drive(int number, Optional<Counters> counters) {
        return new Drive(
                "/devices/pci0000:00/0000:0" + (3 + number) + ":00.0",
                "nvme" + number,
                "nvme",
                MODEL,
                "S" + number,
                counters);
    }

    /** Records a shutdown of {@link Records#planned} in which the first two drives took the given times, in seconds. */
    private void shutDown(double first, double second) throws IOException {
        shutDown(Records.BOOT, first, second);
    }

    private void shutDown(String boot, double first, double second) throws IOException {
        String json = new String(Records.ended(first, second).json(), StandardCharsets.UTF_8);
        Files.writeString(files.directory().resolve("pending.json"), json.replace(Records.BOOT, boot));
    }

    private static List<String> texts(AfterBoot.Result result) {
        return result.lines().stream().map(LogLine::text).toList();
    }

    private static List<Proof> proofs(AfterBoot.Result result) {
        return result.kept().orElseThrow().record().devices().stream()
                .map(DeviceRecord::proof)
                .toList();
    }

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
        AfterBoot after = new AfterBoot(
                new Completion(files, List.of(), Optional.empty(), problem -> {}),
                files,
                new ExpectedFile(run.resolve(ExpectedTimesFile.NAME)),
                new FactsFile(run.resolve(FactsFile.NAME)));

        AfterBoot.Result result = after.run("next", () -> {
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

    /**
     * Records shutdowns, each in a separate boot, in which the first drive takes the given times and the second one two
     * seconds.
     */
    private void shutDowns(double... times) throws Exception {
        for (int i = 0; i < times.length; i++) {
            boot("boot " + i, drive(0, 7 + i, 2), drive(1, 9 + i, 0));
            shutDown("boot " + i, times[i], 2);
        }
        boot("after", drive(0, 7 + times.length, 2), drive(1, 9 + times.length, 0));
    }

    @Test
    void expectedTimeIsTheMedianOfTheDrive() throws Exception {
        shutDowns(1, 9, 1.5);

        assertThat(new ExpectedTimesFile(run).get().drives())
                .containsEntry(new DriveIdentity(MODEL, "S0"), 1.5)
                .containsEntry(new DriveIdentity(MODEL, "S1"), 2.0);
        assertThat(new ExpectedTimesFile(run).get().models()).containsEntry(MODEL, 2.0);
    }

    @Test
    void driveThatTakesThreeTimesItsUsualTimeIsReported() throws Exception {
        shutDowns(1, 1.2, 1.1);
        boot(Records.BOOT, drive(0, 7, 2), drive(1, 9, 0));
        shutDown(4.4, 2);

        AfterBoot.Result result = boot("next", drive(0, 8, 2), drive(1, 10, 0));

        assertThat(texts(result))
                .endsWith("0000:03:00.0 (nvme0) took 4.40s, 4.0 times its usual 1.10s")
                .hasSize(2);
        assertThat(Blame.lines(result.kept().orElseThrow().record()).get(1))
                .endsWith("down: took 4.40s, 4.0 times its usual 1.10s");
    }

    @Test
    void delayOfLessThanASecondIsNotSlow() throws Exception {
        shutDowns(0.1, 0.1);
        boot(Records.BOOT, drive(0, 7, 2));
        shutDown(1, 2);

        assertThat(texts(boot("next", drive(0, 8, 2)))).containsExactly("1 of 1 drives report a clean shutdown");
    }

    @Test
    void historyOfADriveHasEachShutdown() throws Exception {
        shutDowns(1);
        boot(Records.BOOT, drive(0, 8, 2), drive(1, 10, 0));
        shutDown(1, 2);
        boot("next", drive(0, 9, 3));

        List<DriveHistory> drives = DriveHistory.of(files.read().records(), new DrivesFile(files.directory()).read());

        assertThat(drives).extracting(DriveHistory::serial).containsExactly("S0", "S1");
        assertThat(drives.get(0).shutdowns())
                .extracting(DriveHistory.Entry::proof)
                .containsExactly(Proof.CLEAN, Proof.UNSAFE);
        assertThat(drives.get(0).shutdowns().get(0).outcome()).isEqualTo(Outcome.DOWN);
        assertThat(HealthText.lines(drives, ZoneId.of("UTC")))
                .containsExactly(
                        "DRIVE                 CLEAN  CYCLES  UNSAFE  LAST    MODEL   SERIAL",
                        "nvme0                   1/2       9       3  unsafe  Fast 1  S0",
                        "0000:04:00.0 (nvme1)    1/1       -       -  -       Fast 1  S1 (not present)",
                        "nvme0: unsafe in shutdown 2 (Wed 2026-11-18 11:06:40, reboot): it was down after 1.00s in the"
                                + " late phase");
    }

    @Test
    void emptyHistoryNamesTheServiceThatReadsDrives() {
        assertThat(HealthText.lines(DriveHistory.of(List.of(), Optional.empty()), ZoneId.of("UTC")))
                .containsExactly("No drive is known yet: quiesced-history.service queries the drives at boot.");
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
        assertThat(HealthText.lines(
                        DriveHistory.of(files.read().records(), new DrivesFile(files.directory()).read()),
                        ZoneId.of("UTC")))
                .startsWith(
                        "DRIVE  CLEAN  CYCLES  UNSAFE  STARTS  LAST   MODEL   SERIAL",
                        "nvme0      -       -       -      42  -      Fast 1  S0");
    }

    @Test
    void aDiskThatWasReplacedCountsNothing() throws Exception {
        boot(Records.BOOT, disk(0, 41));
        shutDown(3, 3);

        assertThat(texts(boot("next", disk(0, 3)))).isEmpty();
    }
}
