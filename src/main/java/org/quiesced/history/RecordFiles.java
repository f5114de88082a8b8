// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of a directory of records: {@code NUMBER.json}, counted from 1, of which the last {@link #MOST} are kept,
 * and {@code pending.json}, the part of a record that is written before the file systems are unmounted.
 *
 * @param directory the directory, which need not exist
 */
public record RecordFiles(Path directory) {
    /** The directory of this machine's records. */
    public static final Path SYSTEM = Path.of("/var/lib/quiesced");

    /** Number of records that are kept. */
    public static final int MOST = 20;

    private static final String PENDING = "pending.json";
    private static final Pattern NAME = Pattern.compile("([1-9]\\d{0,8})\\.json");

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /**
     * A valid record with its number.
     *
     * @param number its number; 0 if it has none
     * @param file its path
     * @param record the record
     */
    public record Kept(int number, Path file, ShutdownRecord record) {}

    /**
     * The contents of the directory.
     *
     * @param stored all records that have a number, valid or not, the oldest first
     */
    public record Contents(List<StoredRecord> stored) {
        /** Copies the list. */
        public Contents {
            stored = List.copyOf(stored);
        }

        /** Returns the valid records, the oldest first. */
        public List<Kept> records() {
            return stored.stream().flatMap(one -> one.kept().stream()).toList();
        }

        /** Returns the record of the last shutdown, valid or not; empty if no shutdown has been recorded. */
        public Optional<StoredRecord> last() {
            return stored.isEmpty() ? Optional.empty() : Optional.of(stored.get(stored.size() - 1));
        }

        /** Returns whether the last shutdown has been recorded, and its record is damaged. */
        public boolean lastIsDamaged() {
            return last().filter(one -> one.record().isEmpty()).isPresent();
        }

        /** Returns one sentence for each record that cannot be read. */
        public List<String> problems() {
            return stored.stream().flatMap(one -> one.warning().stream()).toList();
        }
    }

    /**
     * Reads all records. A missing directory has no records.
     *
     * @throws IOException if the directory cannot be read
     */
    public Contents read() throws IOException {
        List<StoredRecord> stored = new ArrayList<>();
        for (int number : numbers()) {
            stored(number).ifPresent(stored::add);
        }
        return new Contents(stored);
    }

    /** Reads a record; empty if it was removed, as the oldest ones are. */
    private Optional<StoredRecord> stored(int number) {
        Path file = file(number);
        try {
            return Optional.of(StoredRecord.of(new Kept(number, file, read(file))));
        } catch (NoSuchFileException e) {
            return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(StoredRecord.damaged(number, file, "a link to a file that does not exist"))
                    : Optional.empty();
        } catch (UnreadableFileException e) {
            return Optional.of(StoredRecord.damaged(number, file, e.reason()));
        }
    }

    /** Returns the last valid record. */
    Optional<Kept> last() throws IOException {
        List<Integer> numbers = numbers();
        for (int i = numbers.size() - 1; i >= 0; i--) {
            Optional<Kept> valid = stored(numbers.get(i)).flatMap(StoredRecord::kept);
            if (valid.isPresent()) {
                return valid;
            }
        }
        return Optional.empty();
    }

    /**
     * Reads one file.
     *
     * @throws NoSuchFileException if it does not exist
     * @throws UnreadableFileException if it cannot be read, or is not a valid record of this format
     */
    public static ShutdownRecord read(Path file) throws NoSuchFileException, UnreadableFileException {
        ShutdownRecord record = StoredFile.parsed(file, MAPPER, ShutdownRecord.class)
                .filter(known -> ShutdownRecord.FORMAT.equals(known.format()))
                .orElseThrow(() -> new UnreadableFileException(
                        file, "not a record of a shutdown, of the format " + ShutdownRecord.FORMAT));
        Optional<String> wrong = record.wrong();
        if (wrong.isPresent()) {
            throw new UnreadableFileException(file, "damaged: " + wrong.get());
        }
        return record;
    }

    /** Reads the pending record; empty if there is none. */
    public Optional<ShutdownRecord> pending() throws IOException {
        try {
            return Optional.of(read(directory.resolve(PENDING)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Removes the pending record if it is that of a shutdown; another one may have begun since it was read. */
    void forgetPending(CarriedLine.Shutdown shutdown) throws IOException {
        if (pending().filter(record -> record.isOf(shutdown)).isPresent()) {
            Files.deleteIfExists(directory.resolve(PENDING));
        }
    }

    /** Renames a pending record that cannot be read, so that it is not read again. */
    void setPendingAside() throws IOException {
        Files.move(
                directory.resolve(PENDING),
                directory.resolve(PENDING + ".damaged"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Stores a record under the next number, and removes the oldest records beyond {@link #MOST}. The number follows
     * that of the last file, valid or not.
     */
    public Kept keep(ShutdownRecord record) throws IOException {
        List<Integer> before = numbers();
        int number = before.isEmpty() ? 1 : before.get(before.size() - 1) + 1;
        Kept kept = replace(number, record);
        for (int i = 0; i <= before.size() - MOST; i++) {
            removeIfPossible(file(before.get(i)));
        }
        return kept;
    }

    /** Removes a file. One that cannot be removed, such as a directory, must not prevent the next record. */
    private static void removeIfPossible(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The next record tries it again.
            return;
        }
    }

    /** Replaces the record that has the number, and returns when it is on the disk. */
    public Kept replace(int number, ShutdownRecord record) throws IOException {
        Path file = file(number);
        Files.createDirectories(directory);
        AtomicFile.writeDurably(file, MAPPER.writeValueAsBytes(record));
        return new Kept(number, file, record);
    }

    private Path file(int number) {
        return directory.resolve(number + ".json");
    }

    private List<Integer> numbers() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(matcher -> Integer.parseInt(matcher.group(1)))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }
}
