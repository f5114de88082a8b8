// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.report.Outcome;

/** Records are read as they were written; a file that is no record is reported, and the others are read. */
class RecordFilesTest {
    @TempDir
    private Path directory;

    private RecordFiles files;

    @BeforeEach
    void prepare() throws IOException {
        files = new RecordFiles(Files.createDirectories(directory.resolve("records")));
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
    void damagedRecordIsReportedAndOthersAreRead() throws IOException {
        files.keep(Records.planned());
        Files.writeString(files.directory().resolve("2.json"), "{\"format\": \"quiesced-shut");
        Files.writeString(files.directory().resolve("3.json"), "{\"format\": \"something-else\"}");
        Files.writeString(files.directory().resolve("notes.json"), "mine");

        RecordFiles.Contents contents = files.read();

        assertThat(contents.records()).extracting(RecordFiles.Kept::number).containsExactly(1);
        assertThat(contents.problems()).hasSize(2);
        assertThat(contents.problems().get(0))
                .startsWith("the record of shutdown 2 cannot be read: "
                        + files.directory().resolve("2.json") + ": damaged: invalid JSON in line 1");
        assertThat(contents.problems().get(1))
                .isEqualTo("the record of shutdown 3 cannot be read: "
                        + files.directory().resolve("3.json")
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"late\":2.0        | \"late\":-200.0      | the mark late has a time before the shutdown request",
                "\"late\":2.0        | \"late\":1e9         | the mark late has a time after the shutdown",
                "\"start\":3.0       | \"start\":-300.0     | 0000:03:00.0 has a time before the shutdown request",
                "\"end\":7.0         | \"end\":2.5          | 0000:03:00.0 ends before it begins",
                "\"flushed\":3.25    | \"flushed\":7.25     | 0000:03:00.0 ends before it begins",
                "\"end\":7.0         | \"end\":120.0        | 0000:03:00.0 has a time after the shutdown",
                "\"expected\":3.0    | \"expected\":-3.0    | an expected time of 0000:03:00.0 is negative",
                "\"kernelAlone\":9.0 | \"kernelAlone\":-9.0 | a time is negative",
                "\"uptime\":4321.5   | \"uptime\":-4321.5   | a time is negative"
            })
    void recordWithAnImpossibleTimeIsDamaged(String valid, String impossible, String problem) throws IOException {
        ShutdownRecord record = Records.planned()
                .with(
                        Map.of(Mark.LATE, 2.0, Mark.END, 7.5, Mark.RESTART, 8.0),
                        List.of(Records.down("0000:03:00.0", 3, 7)),
                        Optional.of("pstore"));
        String text = new String(record.json(), StandardCharsets.UTF_8);
        assertThat(text).contains(valid);
        Files.writeString(files.directory().resolve("1.json"), text);
        Files.writeString(files.directory().resolve("2.json"), text.replace(valid, impossible));

        RecordFiles.Contents contents = files.read();

        assertThat(contents.records()).extracting(RecordFiles.Kept::number).containsExactly(1);
        assertThat(contents.problems())
                .singleElement()
                .asString()
                .endsWith(files.directory().resolve("2.json") + ": damaged: " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                        | damaged: the file is empty",
                "'  '                      | damaged: the file is empty",
                "'{\"format\": \"quiesced-s' | damaged: invalid JSON in line 1, column ",
                "garbage                   | damaged: invalid JSON in line 1, column ",
                "[]                        | damaged: a wrong value",
            })
    void damagedLastRecordStaysTheLastOne(String content, String problem) throws IOException {
        files.keep(Records.planned());
        files.keep(Records.planned());
        Path file = Files.writeString(files.directory().resolve("2.json"), content);

        StoredRecord last = files.read().last().orElseThrow();

        assertThat(last.number()).isEqualTo(2);
        assertThat(last.file()).isEqualTo(file);
        assertThat(last.record()).isEmpty();
        assertThat(last.problem().orElseThrow()).startsWith(problem);
        assertThat(files.read().lastIsDamaged()).isTrue();
        assertThat(files.keep(Records.planned()).number()).isEqualTo(3);
        assertThat(file).hasContent(content);
        assertThat(files.read().lastIsDamaged()).isFalse();
    }

    @Test
    void directoryOrLinkInPlaceOfARecordIsNamedWithItsPath() throws IOException {
        Path file = Files.createDirectory(files.directory().resolve("1.json"));
        Path link = Files.createSymbolicLink(files.directory().resolve("2.json"), Path.of("missing"));

        assertThat(files.read().problems())
                .containsExactly(
                        "the record of shutdown 1 cannot be read: " + file + ": not a file",
                        "the record of shutdown 2 cannot be read: " + link + ": a link to a file that does not exist");
    }

    @Test
    void directoryThatCannotBeRemovedDoesNotPreventTheNextRecord() throws IOException {
        Files.createDirectories(files.directory().resolve("1.json").resolve("in the way"));
        for (int i = 0; i < RecordFiles.MOST + 2; i++) {
            files.keep(Records.planned());
        }

        assertThat(files.read().stored())
                .extracting(StoredRecord::number)
                .startsWith(1, 4)
                .endsWith(23);
    }

    @Test
    void driveThatWasLeftToTheKernelMayBeFlushedLater() throws IOException {
        Progressed left = new Progressed(
                "0000:03:00.0",
                Optional.of("late"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(2.0),
                Optional.of(7.0),
                Optional.empty(),
                Optional.empty(),
                Optional.of(4.0),
                Outcome.KERNEL,
                Optional.of("timed_out"),
                Optional.of("not down after 2.00s, still in flight"));
        files.keep(Records.planned().with(Map.of(), List.of(left), Optional.empty()));

        assertThat(files.read().problems()).isEmpty();
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
