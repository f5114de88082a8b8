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
import org.junit.jupiter.params.provider.ValueSource;

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
