// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.StoredRecord;

/** The records of a directory, which are read once, and records in other files. */
final class RecordSource {
    private final RecordFiles files;
    private final Output output;
    private final String alternative;
    private Optional<RecordFiles.Contents> read = Optional.empty();

    /**
     * Creates a source. Nothing is read yet.
     *
     * @param files the records that have numbers
     * @param output receives a warning for each file that cannot be read, where all are listed
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

    /** Returns all records that have numbers, and warns of each that cannot be read. */
    RecordFiles.Contents all() {
        contents().problems().forEach(output::warn);
        return contents();
    }

    private RecordFiles.Contents contents() {
        if (read.isEmpty()) {
            try {
                read = Optional.of(files.read());
            } catch (IOException e) {
                throw new Failure(e);
            }
        }
        return read.get();
    }

    /**
     * Returns a record. A damaged record keeps its number and its place: no other one is returned for it.
     *
     * @param which its number, 0 for the last one, -1 for the one before, and so on; or its file
     * @throws Failure if there is no such record, or if it cannot be read
     */
    RecordFiles.Kept kept(String which) {
        if (!which.matches("-?\\d{1,9}")) {
            return ofFile(Path.of(which));
        }
        List<StoredRecord> records = contents().stored();
        if (records.isEmpty()) {
            throw new Failure("no shutdown has been recorded yet in " + files.directory() + "; " + alternative);
        }
        StoredRecord found = find(Integer.parseInt(which), records);
        return found.kept().orElseThrow(() -> new Failure(found.warning().orElse("") + "; " + instead(found.number())));
    }

    private static StoredRecord find(int number, List<StoredRecord> records) {
        int index = records.size() - 1 + number;
        if (number <= 0 && index >= 0) {
            return records.get(index);
        }
        return records.stream()
                .filter(stored -> stored.number() == number)
                .findFirst()
                .orElseThrow(() -> new Failure("no shutdown " + number + ": there are "
                        + records.get(0).number() + " to "
                        + records.get(records.size() - 1).number() + "; \"quiescectl history\" lists them"));
    }

    /** Returns which shutdown can be shown in place of a damaged one: the one before it, or else the one after it. */
    private String instead(int damaged) {
        List<Integer> valid =
                contents().records().stream().map(RecordFiles.Kept::number).toList();
        return valid.stream()
                .filter(number -> number < damaged)
                .max(Comparator.naturalOrder())
                .or(() -> valid.stream().findFirst())
                .map(number -> "shutdown " + number + " can be shown instead")
                .orElse("no other shutdown can be shown either");
    }

    /** Returns the record of a file, with the number 0. */
    static RecordFiles.Kept ofFile(Path file) {
        try {
            return new RecordFiles.Kept(0, file, RecordFiles.read(file));
        } catch (NoSuchFileException e) {
            throw new Failure(file + ": neither a number nor a file");
        } catch (IOException e) {
            throw new Failure(e);
        }
    }
}
