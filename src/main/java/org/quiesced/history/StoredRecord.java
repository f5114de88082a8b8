// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A stored record, or a file in its place that is no valid record. Both have their number, so that a damaged record
 * does not make another one the last.
 *
 * @param number its number; numbers increase and are not reused
 * @param file its path
 * @param record the record; empty if it cannot be read
 * @param problem why it cannot be read, in words without the file; empty if it can
 */
public record StoredRecord(int number, Path file, Optional<ShutdownRecord> record, Optional<String> problem) {
    static StoredRecord of(RecordFiles.Kept kept) {
        return new StoredRecord(kept.number(), kept.file(), Optional.of(kept.record()), Optional.empty());
    }

    static StoredRecord damaged(int number, Path file, String problem) {
        return new StoredRecord(number, file, Optional.empty(), Optional.of(problem));
    }

    /** Returns the record with its number; empty if it cannot be read. */
    public Optional<RecordFiles.Kept> kept() {
        return record.map(valid -> new RecordFiles.Kept(number, file, valid));
    }

    /** Returns a sentence with the number, the file and the problem; empty if the record can be read. */
    public Optional<String> warning() {
        return problem.map(why -> "the record of shutdown " + number + " cannot be read: " + file + ": " + why);
    }
}
