// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.report.Outcome;

/** The record is completed at the next boot from the planned record and the log that pstore kept. */
class CompletionTest {
    private static final String NEXT_BOOT = "next";

    @TempDir
    private Path directory;

    private Path pstore;
    private RecordFiles files;
    private final List<String> problems = new ArrayList<>();
    private Completion completion;

    @BeforeEach
    void prepare() throws IOException {
        pstore = Files.createDirectories(directory.resolve("pstore"));
        files = new RecordFiles(directory.resolve("records"));
        completion =
                new Completion(files, List.of(pstore, directory.resolve("missing")), Optional.empty(), problems::add);
        Files.createDirectories(files.directory());
        Files.write(files.directory().resolve("pending.json"), Records.planned().json());
    }

    private static final CarriedLine.Shutdown SHUTDOWN = new CarriedLine.Shutdown(Records.BOOT, "reboot", 4_321.5);

    /** Returns lines of the kernel's log, whose clock is two seconds ahead of the monotonic one. */
    private static List<String> log(int edition, double end) {
        return log(SHUTDOWN, edition, end, 5);
    }

    private static List<String> log(CarriedLine.Shutdown shutdown, int edition, double end, double down) {
        List<String> lines = new ArrayList<>();
        lines.add(line(5, 1.25, "systemd-shutdown[1]: Sending SIGTERM to remaining processes..."));
        lines.add(line(6, 1.5, "systemd-shutdown[1]: Unmounting file systems."));
        lines.add(line(6, 2, "quiesced: end: 2 drives down"));
        // Lines that wait for a slow console are written late, and contain the time of the write.
        double delay = 0.75;
        CarriedLine.of(
                        shutdown,
                        edition,
                        Map.of(Mark.ASKED, 0.0, Mark.LATE, 2.0, Mark.END, end),
                        List.of(Records.down("0000:03:00.0", 2, down), Records.down("0000:04:00.0", 2, 5.5)))
                .forEach(text -> lines.add(line(
                        7,
                        end + delay,
                        String.format(
                                Locale.ROOT, "quiesced: record %.6f %s", SHUTDOWN.uptime() + end + delay, text))));
        lines.add(line(6, end + 1, "shutdown[1]: Sending SIGTERM to remaining processes..."));
        lines.add(line(6, end + 1.25, "systemd-shutdown[1]: Rebooting."));
        lines.add(line(5, end + 3.5, "reboot: Restarting system"));
        return lines;
    }

    private static String line(int severity, double since, String text) {
        return String.format(Locale.ROOT, "<%d>[%12.6f] %s", severity, 4_323.5 + since, text);
    }

    private void keepLog(String name, List<String> lines) throws IOException {
        Path file = pstore.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }

    @Test
    void pstoreCarriesTheEndOfTheRecord() throws IOException {
        keepLog("dmesg-ramoops-0", log(1, 5.5));

        RecordFiles.Kept kept = completion.complete(NEXT_BOOT, Optional.empty()).orElseThrow();

        ShutdownRecord record = kept.record();
        assertThat(kept.number()).isEqualTo(1);
        assertThat(record.isComplete()).isTrue();
        assertThat(record.carrier()).contains("pstore");
        assertThat(record.devices())
                .extracting(DeviceRecord::outcome)
                .containsExactly(Outcome.DOWN, Outcome.DOWN, Outcome.KERNEL);
        assertThat(record.devices().get(1).took()).contains(3.5);
        assertThat(record.devices().get(2).why()).contains("in use, mounted on /");
        assertThat(files.pending()).isEmpty();
        assertThat(files.read().records()).containsExactly(kept);
    }

    @Test
    void marksAreTimedByTheClockOfTheKernelLog() throws IOException {
        keepLog("dmesg-ramoops-0", log(1, 5.5));

        ShutdownRecord record =
                completion.complete(NEXT_BOOT, Optional.empty()).orElseThrow().record();

        assertThat(record.at(Mark.FINAL).orElseThrow()).isEqualTo(1.25, within(1e-3));
        assertThat(record.at(Mark.LATE).orElseThrow()).isEqualTo(2, within(1e-3));
        assertThat(record.at(Mark.WALK).orElseThrow()).isEqualTo(6.75, within(1e-3));
        assertThat(record.at(Mark.RESTART).orElseThrow()).isEqualTo(9, within(1e-3));
    }

    /** Each boot counts its logs from 1. Only the lines of quiesced and the times distinguish two logs. */
    @ParameterizedTest
    @ValueSource(doubles = {-300, 300})
    void logOfAnotherBootOfTheSameMinuteIsNotJoined(double later) throws IOException {
        CarriedLine.Shutdown before = new CarriedLine.Shutdown("5d0e1f6e-51a5-4c6f-9d0e-7d5c7d6a2b11", "reboot", 90);
        List<String> other = new ArrayList<>();
        other.add(line(5, later + 1, "systemd-shutdown[1]: Sending SIGTERM to remaining processes..."));
        CarriedLine.of(before, 1, Map.of(Mark.LATE, 2.0, Mark.END, 3.0), List.of())
                .forEach(text -> other.add(line(7, later + 3, "quiesced: record 93.000000 " + text)));
        other.add(line(6, later + 4, "systemd-shutdown[1]: Rebooting."));
        other.add(line(5, later + 5, "reboot: Restarting system"));
        keepLog("dmesg-ramoops-0", other);
        Path file = pstore.resolve("dmesg-ramoops-0");
        Files.setLastModifiedTime(
                file, FileTime.from(Files.getLastModifiedTime(file).toInstant().minusSeconds(60)));
        keepLog("dmesg-ramoops-1", log(1, 5.5).subList(0, 4));
        keepLog("dmesg-ramoops-2", List.of(line(5, 9, "reboot: Restarting system")));

        ShutdownRecord record =
                completion.complete(NEXT_BOOT, Optional.empty()).orElseThrow().record();

        assertThat(record.at(Mark.FINAL).orElseThrow()).isEqualTo(1.25, within(1e-3));
        assertThat(record.at(Mark.WALK)).isEmpty();
        assertThat(record.at(Mark.RESTART).orElseThrow()).isEqualTo(9, within(1e-3));
    }

    @Test
    void partsOfALogInSeparateFilesAreJoined() throws IOException {
        List<String> log = log(1, 5.5);
        keepLog("17951/dmesg-efi_pstore-1", log.subList(4, log.size()));
        keepLog("17952/dmesg-efi_pstore-2", log.subList(0, 4));

        ShutdownRecord record =
                completion.complete(NEXT_BOOT, Optional.empty()).orElseThrow().record();

        assertThat(record.isComplete()).isTrue();
        assertThat(record.at(Mark.FINAL)).isPresent();
        assertThat(record.at(Mark.RESTART)).isPresent();
    }

    @Test
    void lastEditionCounts() throws IOException {
        List<String> log = new ArrayList<>(log(1, 4));
        log.addAll(log(2, 5.5));
        keepLog("dmesg-ramoops-0", log);

        assertThat(completion
                        .complete(NEXT_BOOT, Optional.empty())
                        .orElseThrow()
                        .record()
                        .at(Mark.END))
                .contains(5.5);
    }

    /** The editions of each shutdown are numbered from 1. */
    @Test
    void linesOfACancelledShutdownAreIgnored() throws IOException {
        List<String> log = new ArrayList<>();
        log.addAll(log(new CarriedLine.Shutdown(Records.BOOT, "reboot", 4_000), 7, 5.5, 3));
        log.addAll(log(1, 5.5));
        keepLog("dmesg-ramoops-0", log);

        assertThat(completion
                        .complete(NEXT_BOOT, Optional.empty())
                        .orElseThrow()
                        .record()
                        .devices()
                        .get(0)
                        .took())
                .contains(3.0);
    }

    @Test
    void truncatedEditionIsCompletedFromThePreviousOne() throws IOException {
        List<String> log = new ArrayList<>(log(1, 5.5));
        CarriedLine.of(SHUTDOWN, 2, Map.of(Mark.LATE, 2.0, Mark.END, 6.0), manyDevices()).stream()
                .limit(1)
                .forEach(text -> log.add(line(7, 6, "quiesced: record 4327.500000 " + text)));
        keepLog("dmesg-ramoops-0", log);

        ShutdownRecord record =
                completion.complete(NEXT_BOOT, Optional.empty()).orElseThrow().record();

        assertThat(record.carrier()).contains("pstore_in_part");
        assertThat(record.at(Mark.END)).contains(6.0);
        assertThat(record.devices().get(0).outcome()).isEqualTo(Outcome.DOWN);
    }

    /** Edition 1001 is the first edition of the one-shot command. */
    @ParameterizedTest
    @CsvSource({"true, true, pstore", "false, true, pstore_in_part", "true, false, pstore_in_part"})
    void lostLinesAreNoticedOfTheDaemonAndOfTheOneShotCommand(
            boolean daemonIsWhole, boolean oneShotIsWhole, String carrier) throws IOException {
        keepLog(
                "dmesg-ramoops-0",
                Stream.of(edition(1, false), edition(2, daemonIsWhole), edition(1001, oneShotIsWhole))
                        .flatMap(List::stream)
                        .toList());

        assertThat(completion
                        .complete(NEXT_BOOT, Optional.empty())
                        .orElseThrow()
                        .record()
                        .carrier())
                .contains(carrier);
    }

    /** Returns the lines of an edition; without the first if it is not whole. */
    private static List<String> edition(int number, boolean isWhole) {
        return CarriedLine.of(SHUTDOWN, number, Map.of(Mark.LATE, 2.0, Mark.END, 6.0), manyDevices()).stream()
                .skip(isWhole ? 0 : 1)
                .map(text -> line(7, 6, "quiesced: record 4327.500000 " + text))
                .toList();
    }

    private static List<DeviceRecord.Progressed> manyDevices() {
        List<DeviceRecord.Progressed> devices = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            devices.add(Records.down("0001:" + i, 1, 2));
        }
        return devices;
    }

    @Test
    void laterLogCompletesTheKeptRecord() throws IOException {
        int number =
                completion.complete(NEXT_BOOT, Optional.empty()).orElseThrow().number();
        assertThat(completion.complete(NEXT_BOOT, Optional.empty())).isEmpty();
        keepLog("dmesg-ramoops-0", log(1, 5.5));

        RecordFiles.Kept kept = completion.complete(NEXT_BOOT, Optional.empty()).orElseThrow();

        assertThat(kept.number()).isEqualTo(number);
        assertThat(files.read().records()).containsExactly(kept);
        assertThat(kept.record().isComplete()).isTrue();
    }

    /** The machine failed after it had kept the record and before it removed the pending one. */
    @Test
    void shutdownIsKeptOnce() throws IOException {
        completion.complete(NEXT_BOOT, Optional.empty());
        Files.write(files.directory().resolve("pending.json"), Records.planned().json());

        completion.complete(NEXT_BOOT, Optional.empty());

        assertThat(files.read().records()).hasSize(1);
        assertThat(files.pending()).isEmpty();
    }

    @Test
    void damagedPendingRecordIsReportedAndSetAside() throws IOException {
        Files.writeString(files.directory().resolve("pending.json"), "{\"format\": ");

        assertThat(completion.complete(NEXT_BOOT, Optional.empty())).isEmpty();

        assertThat(problems).singleElement().asString().contains("pending.json: damaged: ");
        assertThat(files.directory().resolve("pending.json.damaged")).exists();
        assertThat(files.pending()).isEmpty();
    }

    /** Any process that may write to the kernel's log can forge a line. */
    @ParameterizedTest
    @CsvSource({"%1B%5B2J, ?[2J", "%C2%9B2J, ?2J"})
    void controlCharactersOfCarriedTextAreRemoved(String carried, String shown) throws IOException {
        keepLog(
                "dmesg-ramoops-0",
                List.of(line(
                        7,
                        6,
                        "quiesced: record 4327.500000 1 " + Records.BOOT
                                + " reboot 4321.500000 1 1/1 late=2.000 end=6.000 0000:03:00.0,,,,,6000,k,failed,"
                                + carried)));

        assertThat(completion
                        .complete(NEXT_BOOT, Optional.empty())
                        .orElseThrow()
                        .record()
                        .devices()
                        .get(0)
                        .why())
                .contains(shown);
        assertThat(files.read().problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"format\":\"quiesced-shutdown-1\"}",
                "{\"format\":\"quiesced-shutdown-1\",\"devices\":[{}]}",
                "[]",
                "null",
                ""
            })
    void incompleteRecordIsAProblem(String text) throws IOException {
        Files.writeString(files.directory().resolve("1.json"), text);

        assertThat(files.read().records()).isEmpty();
        assertThat(files.read().problems()).hasSize(1);
    }

    @Test
    void recordWithControlCharactersIsAProblem() throws IOException {
        String text = new String(Records.planned().json(), StandardCharsets.UTF_8);
        Files.writeString(files.directory().resolve("1.json"), text.replace("mounted on /", "mounted on \\u001b[2J"));

        assertThat(files.read().problems()).singleElement().asString().contains("control characters");
    }

    @Test
    void recordWithoutACarrierIsThePlannedRecord() throws IOException {
        keepLog("dmesg-ramoops-0", List.of("Panic#1 Part1", "<6>[    1.0] something of another boot", "\u0000\u0001"));

        ShutdownRecord record =
                completion.complete(NEXT_BOOT, Optional.empty()).orElseThrow().record();

        assertThat(record).isEqualTo(Records.planned());
        assertThat(record.isComplete()).isFalse();
        assertThat(record.carrier()).isEmpty();
    }

    @Test
    void linesOfAnotherBootAreIgnored() throws IOException {
        keepLog(
                "dmesg-ramoops-0",
                log(1, 5.5).stream()
                        .map(line -> line.replace(Records.BOOT, "another"))
                        .toList());

        assertThat(completion
                        .complete(NEXT_BOOT, Optional.empty())
                        .orElseThrow()
                        .record()
                        .isComplete())
                .isFalse();
    }

    /** The shutdown was cancelled, or is in progress. */
    @Test
    void recordOfTheCurrentBootStaysPending() throws IOException {
        assertThat(completion.complete(Records.BOOT, Optional.empty())).isEmpty();
        assertThat(files.pending()).isPresent();
    }

    @Test
    void damagedRecordIsReportedAndOthersAreRead() throws IOException {
        files.keep(Records.planned());
        Files.writeString(files.directory().resolve("2.json"), "{\"format\": \"quiesced-shut");
        Files.writeString(files.directory().resolve("3.json"), "{\"format\": \"something-else\"}");
        Files.writeString(files.directory().resolve("notes.json"), "mine");

        RecordFiles.Contents contents = files.read();

        assertThat(contents.records()).extracting(RecordFiles.Kept::number).containsExactly(1);
        assertThat(contents.problems()).hasSize(2);
        assertThat(contents.problems().get(0)).startsWith(files.directory().resolve("2.json") + ": damaged: ");
        assertThat(contents.problems().get(1))
                .isEqualTo(files.directory().resolve("3.json")
                        + ": not a record of a shutdown, of the format quiesced-shutdown-1");
        assertThat(files.keep(Records.planned()).number()).isEqualTo(4);
    }

    @Test
    void lastTwentyRecordsAreKept() throws IOException {
        for (int i = 0; i < 23; i++) {
            files.keep(Records.planned());
        }

        assertThat(files.read().records())
                .extracting(RecordFiles.Kept::number)
                .hasSize(20)
                .startsWith(4)
                .endsWith(23);
    }

    /** The daemon writes the record field by field. */
    @Test
    void plannedRecordSurvivesARoundTrip() throws IOException {
        ShutdownRecord record = Records.planned()
                .with(
                        Map.of(Mark.EARLY, 1.5),
                        List.of(
                                Records.down("0000:03:00.0", 2, 5),
                                Records.left("0000:04:00.0", 2, "failed", "\"no\"")),
                        Optional.of("pstore"));
        Path file = Files.write(directory.resolve("record.json"), record.json());

        assertThat(RecordFiles.read(file)).isEqualTo(record);
    }

    @Test
    void recordSurvivesARoundTrip() throws IOException {
        ShutdownRecord record = Records.planned()
                .with(
                        Map.of(Mark.END, 5.5),
                        List.of(Records.down("0000:03:00.0", 2, 5), Records.left("0000:04:00.0", 2, "failed", "no")),
                        Optional.of("pstore"));

        assertThat(RecordFiles.read(files.keep(record).file())).isEqualTo(record);
    }
}
