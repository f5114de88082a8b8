// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.ser.std.ToStringSerializer;

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

    /** Maximum size of a file that is read, in bytes. A record of a thousand devices has less than one megabyte. */
    private static final int LARGEST = 16 << 20;

    private static final String PENDING = "pending.json";
    private static final Pattern NAME = Pattern.compile("([1-9]\\d{0,8})\\.json");

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /**
     * A stored record.
     *
     * @param number its number; numbers increase and are not reused
     * @param file its path; in JSON too, where a path is a URI by default
     */
    public record Kept(
            int number,
            @JsonSerialize(using = ToStringSerializer.class) Path file,
            ShutdownRecord record) {}

    /**
     * The contents of the directory.
     *
     * @param records the valid records, the oldest first
     * @param problems one sentence for each invalid file
     */
    public record Contents(List<Kept> records, List<String> problems) {
        /** Copies the lists. */
        public Contents {
            records = List.copyOf(records);
            problems = List.copyOf(problems);
        }
    }

    /** A file is not a valid record. The message names the file and the problem. */
    public static final class DamagedRecordException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedRecordException(Path file, String what) {
            super(file + ": " + what);
        }
    }

    /**
     * Reads all records. A missing directory has no records.
     *
     * @throws IOException if the directory cannot be read
     */
    public Contents read() throws IOException {
        List<Kept> records = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (int number : numbers()) {
            Path file = file(number);
            try {
                records.add(new Kept(number, file, read(file)));
            } catch (IOException e) {
                problems.add(e.getMessage());
            }
        }
        return new Contents(records, problems);
    }

    /** Returns whether there is a file for a number, valid or not. */
    public boolean has(int number) {
        return Files.exists(file(number));
    }

    /** Returns the last valid record. */
    Optional<Kept> last() throws IOException {
        List<Integer> numbers = numbers();
        for (int i = numbers.size() - 1; i >= 0; i--) {
            Path file = file(numbers.get(i));
            try {
                return Optional.of(new Kept(numbers.get(i), file, read(file)));
            } catch (IOException e) {
                // read() reports the file.
                continue;
            }
        }
        return Optional.empty();
    }

    /**
     * Reads one file.
     *
     * @throws DamagedRecordException if it is not a valid record of this format
     * @throws IOException if it cannot be read
     */
    public static ShutdownRecord read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream input = Files.newInputStream(file)) {
            bytes = input.readNBytes(LARGEST + 1);
        }
        if (bytes.length > LARGEST) {
            throw new DamagedRecordException(file, "not a record of a shutdown: too long");
        }
        try {
            ShutdownRecord record = MAPPER.readValue(bytes, ShutdownRecord.class);
            if (record == null || !ShutdownRecord.FORMAT.equals(record.format())) {
                throw new DamagedRecordException(
                        file, "not a record of a shutdown, of the format " + ShutdownRecord.FORMAT);
            }
            Optional<String> wrong = record.wrong();
            if (wrong.isPresent()) {
                throw new DamagedRecordException(file, "damaged: " + wrong.get());
            }
            return record;
        } catch (JacksonException e) {
            throw new DamagedRecordException(file, "damaged: " + JsonDamage.of(e));
        }
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

    /** Renames a damaged pending record, so that it is not read again. */
    void setPendingAside() throws IOException {
        Files.move(
                directory.resolve(PENDING),
                directory.resolve(PENDING + ".damaged"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Stores a record under the next number, and removes the oldest records beyond {@link #MOST}. */
    public Kept keep(ShutdownRecord record) throws IOException {
        List<Integer> before = numbers();
        int number = before.isEmpty() ? 1 : before.get(before.size() - 1) + 1;
        Kept kept = replace(number, record);
        for (int i = 0; i <= before.size() - MOST; i++) {
            Files.deleteIfExists(file(before.get(i)));
        }
        return kept;
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
