// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.history.AtomicFile;
import org.quiesced.history.StoredFile;
import org.quiesced.history.UnreadableFileException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The file that stores the drives of a boot until the next one.
 *
 * @param directory the directory of the records
 */
public record DrivesFile(Path directory) {
    private static final String NAME = "drives.json";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /**
     * Reads the file; empty if it does not exist.
     *
     * @throws IOException if it cannot be read or is not valid; the message names the file
     */
    public Optional<Drives> read() throws IOException {
        Path file = directory.resolve(NAME);
        try {
            return Optional.of(StoredFile.parsed(file, MAPPER, Drives.class)
                    .filter(drives -> Drives.FORMAT.equals(drives.format()))
                    .orElseThrow(() ->
                            new UnreadableFileException(file, "not drives of a boot, of the format " + Drives.FORMAT)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Replaces the file.
     *
     * @throws IOException if the file cannot be written
     */
    void write(Drives drives) throws IOException {
        Files.createDirectories(directory);
        AtomicFile.write(directory.resolve(NAME), MAPPER.writeValueAsBytes(drives));
    }
}
