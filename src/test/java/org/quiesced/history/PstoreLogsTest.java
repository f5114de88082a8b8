// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.report.Outcome;

/** Of the logs that pstore has kept, those of the shutdown complete its record. */
class PstoreLogsTest extends CompletionFixture {
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

        ShutdownRecord record = completed();

        assertThat(record.at(Mark.FINAL).orElseThrow()).isEqualTo(1.25, within(1e-3));
        assertThat(record.at(Mark.WALK)).isEmpty();
        assertThat(record.at(Mark.RESTART).orElseThrow()).isEqualTo(9, within(1e-3));
    }

    @Test
    void partsOfALogInSeparateFilesAreJoined() throws IOException {
        List<String> log = log(1, 5.5);
        keepLog("17951/dmesg-efi_pstore-1", log.subList(4, log.size()));
        keepLog("17952/dmesg-efi_pstore-2", log.subList(0, 4));

        ShutdownRecord record = completed();

        assertThat(record.isComplete()).isTrue();
        assertThat(record.at(Mark.FINAL)).isPresent();
        assertThat(record.at(Mark.RESTART)).isPresent();
    }

    @Test
    void lastEditionCounts() throws IOException {
        List<String> log = new ArrayList<>(log(1, 4));
        log.addAll(log(2, 5.5));
        keepLog("dmesg-ramoops-0", log);

        assertThat(completed().at(Mark.END)).contains(5.5);
    }

    /** The editions of each shutdown are numbered from 1. */
    @Test
    void linesOfACancelledShutdownAreIgnored() throws IOException {
        List<String> log = new ArrayList<>();
        log.addAll(log(new CarriedLine.Shutdown(Records.BOOT, "reboot", 4_000), 7, 5.5, 3));
        log.addAll(log(1, 5.5));
        keepLog("dmesg-ramoops-0", log);

        assertThat(completed().devices().get(0).took()).contains(3.0);
    }

    @Test
    void truncatedEditionIsCompletedFromThePreviousOne() throws IOException {
        List<String> log = new ArrayList<>(log(1, 5.5));
        CarriedLine.of(SHUTDOWN, 2, Map.of(Mark.LATE, 2.0, Mark.END, 6.0), manyDevices()).stream()
                .limit(1)
                .forEach(text -> log.add(line(7, 6, "quiesced: record 4327.500000 " + text)));
        keepLog("dmesg-ramoops-0", log);

        ShutdownRecord record = completed();

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

        assertThat(completed().carrier()).contains(carrier);
    }

    /** Returns the lines of an edition; without the first if it is not whole. */
    private static List<String> edition(int number, boolean isWhole) {
        return CarriedLine.of(SHUTDOWN, number, Map.of(Mark.LATE, 2.0, Mark.END, 6.0), manyDevices()).stream()
                .skip(isWhole ? 0 : 1)
                .map(text -> line(7, 6, "quiesced: record 4327.500000 " + text))
                .toList();
    }

    private static List<Progressed> manyDevices() {
        List<Progressed> devices = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            devices.add(Records.down("0001:" + i, 1, 2));
        }
        return devices;
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

        assertThat(completed().devices().get(0).why()).contains(shown);
        assertThat(files.read().problems()).isEmpty();
    }

    @Test
    void linesOfAnotherBootAreIgnored() throws IOException {
        keepLog(
                "dmesg-ramoops-0",
                log(1, 5.5).stream()
                        .map(line -> line.replace(Records.BOOT, "another"))
                        .toList());

        assertThat(completed().isComplete()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"-60, true", "60, false"})
    void newestLogsAreReadUpToALimit(long secondsLater, boolean isRead) throws IOException {
        keepLog("dmesg-ramoops-0", log(1, 5.5));
        Path large = pstore.resolve("dmesg-ramoops-1");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(16 << 20);
        }
        Instant time =
                Files.getLastModifiedTime(pstore.resolve("dmesg-ramoops-0")).toInstant();
        Files.setLastModifiedTime(large, FileTime.from(time.plusSeconds(secondsLater)));

        assertThat(completed().isComplete()).isEqualTo(isRead);
    }
}
