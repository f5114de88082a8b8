// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.quiesced.history.RecordFiles;

/** The records of a directory, which are read once, and records in other files. */
final class RecordSource {
    private final RecordFiles files;
    private final Output output;
    private final String alternative;
    private Optional<List<RecordFiles.Kept>> read = Optional.empty();

    /**
     * Creates a source. Nothing is read yet.
     *
     * @param files the records that have numbers
     * @param output receives a warning for each file that cannot be read
     * @param alternative what the user can do if no shutdown has been recorded, to follow the message
     */
    RecordSource(RecordFiles files, Output output, String alternative) {
        this.files = files;
        this.output = output;
        this.alternative = alternative;
    }

    /** Creates the source with the records of this machine; the parameters are those of the constructor. */
    static RecordSource ofThisMachine(Output output, String alternative) {
        return new RecordSource(new RecordFiles(RecordFiles.SYSTEM), output, alternative);
    }

    /** Returns the records that have numbers, the oldest first. */
    List<RecordFiles.Kept> all() {
        if (read.isEmpty()) {
            try {
                RecordFiles.Contents contents = files.read();
                contents.problems().forEach(output::warn);
                read = Optional.of(contents.records());
            } catch (IOException e) {
                throw new Failure(e);
            }
        }
        return read.get();
    }

    /**
     * Returns a record.
     *
     * @param which its number, 0 for the last one, -1 for the one before, and so on; or its file
     */
    RecordFiles.Kept kept(String which) {
        if (!which.matches("-?\\d{1,9}")) {
            return ofFile(Path.of(which));
        }
        List<RecordFiles.Kept> records = all();
        if (records.isEmpty()) {
            throw new Failure("no shutdown has been recorded yet in " + files.directory() + "; " + alternative);
        }
        int number = Integer.parseInt(which);
        int index = records.size() - 1 + number;
        if (number <= 0 && index >= 0) {
            return records.get(index);
        }
        return records.stream()
                .filter(kept -> kept.number() == number)
                .findFirst()
                .orElseThrow(() -> new Failure(
                        files.has(number)
                                ? "the record of shutdown " + number + " cannot be read"
                                : "no shutdown " + number + ": there are "
                                        + records.get(0).number() + " to "
                                        + records.get(records.size() - 1).number()
                                        + "; \"quiescectl history\" lists them"));
    }

    /** Returns the record of a file, with the number 0. */
    static RecordFiles.Kept ofFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new Failure(file + (Files.exists(file) ? ": not a file" : ": neither a number nor a file"));
        }
        try {
            return new RecordFiles.Kept(0, file, RecordFiles.read(file));
        } catch (IOException e) {
            throw new Failure(e);
        }
    }
}
