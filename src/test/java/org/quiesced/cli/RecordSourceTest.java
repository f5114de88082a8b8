// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    @Test
    void damagedRecordIsNamedOnceHoweverManyAreSelected() throws IOException {
        new RecordFiles(directory).keep(Records.ended(3, 5));
        Files.writeString(directory.resolve("2.json"), "{");
        new RecordFiles(directory).keep(Records.ended(4, 5));
        RecordSource source = source();

        assertThat(source.kept("1").number()).isEqualTo(1);
        assertThat(source.kept("0").number()).isEqualTo(3);
        assertThat(source.kept("-1").number()).isEqualTo(1);
        assertThat(messages.toString().lines()).singleElement().asString().contains("2.json: damaged: ");
        assertThatThrownBy(() -> source.kept("2")).hasMessage("the record of shutdown 2 cannot be read");
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
