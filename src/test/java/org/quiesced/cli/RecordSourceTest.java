// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.history.HistoryText;
import org.quiesced.history.ListedShutdown;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.Records;

/** Records are selected by their number, counted from the last one, or by their file. */
class RecordSourceTest {
    @TempDir
    private Path directory;

    private final StringWriter messages = new StringWriter();

    private RecordSource source() {
        Output output = new Output(new PrintWriter(messages), new PrintWriter(messages, true), Terminal.NONE);
        return new RecordSource(new RecordFiles(directory), output, "name two files");
    }

    private void keep(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            new RecordFiles(directory).keep(Records.ended(3, 5));
        }
    }

    private Path empty(int number) throws IOException {
        return Files.writeString(directory.resolve(number + ".json"), "");
    }

    private static String unreadable(int number, Path file) {
        return "the record of shutdown " + number + " cannot be read: " + file + ": damaged: the file is empty; ";
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "5, 5", "-2, 3", "3, 3"})
    void damagedRecordThatIsSelectedIsAFailureAndCountsInRelativeNumbers(String which, int number) throws IOException {
        keep(5);
        empty(3);
        empty(5);
        RecordSource source = source();

        assertThatThrownBy(() -> source.kept(which))
                .hasMessage(unreadable(number, directory.resolve(number + ".json")) + "shutdown " + (number - 1)
                        + " can be shown instead");
        assertThat(source.kept("-1").number()).isEqualTo(4);
        assertThat(source.kept("-3").number()).isEqualTo(2);
    }

    @Test
    void damagedFirstRecordIsReplacedByTheNextOne() throws IOException {
        keep(3);
        Path file = empty(1);
        empty(2);

        assertThatThrownBy(() -> source().kept("1"))
                .hasMessage(unreadable(1, file) + "shutdown 3 can be shown instead");
    }

    @Test
    void directoryOfDamagedRecordsIsNotAnEmptyOne() throws IOException {
        empty(1);
        Path last = empty(2);

        assertThatThrownBy(() -> source().kept("0"))
                .hasMessage(unreadable(2, last) + "no other shutdown can be shown either");
        assertThat(HistoryText.page(ListedShutdown.of(source().all().stored()), ZoneOffset.UTC)
                        .lines())
                .containsExactly(
                        "NO  REQUESTED  VERB  TOOK  DRIVES  SAVED  RECORD",
                        " 1  -          -        -       -      -  damaged",
                        " 2  -          -        -       -      -  damaged",
                        "How much time was saved is not known for any of them.");
    }

    @Test
    void listOfAllRecordsWarnsOfEachDamagedOne() throws IOException {
        keep(3);
        empty(2);
        RecordSource source = source();

        assertThat(source.kept("0").number()).isEqualTo(3);
        assertThat(messages.toString()).isEmpty();
        source.all();
        assertThat(messages.toString().lines()).singleElement().asString().contains("2.json: damaged: ");
        assertThatThrownBy(() -> source.kept("9"))
                .hasMessage("no shutdown 9: there are 1 to 3; \"quiescectl history\" lists them");
    }

    @Test
    void fileIsReadWithoutTheDirectory() throws IOException {
        Path file = new RecordFiles(directory.resolve("other"))
                .keep(Records.ended(3, 5))
                .file();
        Files.writeString(directory.resolve("1.json"), "{");

        assertThat(source().kept(file.toString()).record()).isEqualTo(Records.ended(3, 5));
        assertThat(messages.toString()).isEmpty();
    }

    @Test
    void withoutRecordsTheMessageSaysWhatElseThisVerbTakes() {
        assertThatThrownBy(() -> source().kept("0"))
                .hasMessage("no shutdown has been recorded yet in " + directory + "; name two files");
    }
}
