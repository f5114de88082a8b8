// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads small files of JSON. */
public final class StoredFile {
    /** Maximum size of a file that is read, in bytes. A record of a thousand devices has less than one megabyte. */
    private static final int LARGEST = 16 << 20;

    private StoredFile() {}

    /**
     * Returns the value of a file; empty if it is null.
     *
     * @throws NoSuchFileException if it does not exist
     * @throws UnreadableFileException if it cannot be read, is too long, or is not JSON of the type
     */
    public static <T> Optional<T> parsed(Path file, JsonMapper mapper, Class<T> type)
            throws NoSuchFileException, UnreadableFileException {
        byte[] bytes = read(file);
        try {
            return Optional.ofNullable(mapper.readValue(bytes, type));
        } catch (JacksonException e) {
            throw new UnreadableFileException(file, "damaged: " + JsonDamage.of(e, bytes));
        }
    }

    /**
     * Returns the content of a file. What is no regular file is not opened, because that may wait without a limit.
     *
     * @throws NoSuchFileException if it does not exist
     * @throws UnreadableFileException if it cannot be read, or is too long
     */
    private static byte[] read(Path file) throws NoSuchFileException, UnreadableFileException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new UnreadableFileException(file, "not a file");
        }
        try (InputStream input = Files.newInputStream(file)) {
            byte[] bytes = input.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new UnreadableFileException(file, "too long");
            }
            return bytes;
        } catch (NoSuchFileException | UnreadableFileException e) {
            throw e;
        } catch (IOException e) {
            throw new UnreadableFileException(file, e);
        }
    }
}
