// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.quiesced.history.AtomicFile;
import org.quiesced.plan.ExpectedTimes;
import org.quiesced.snapshot.ExpectedTimesFile;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the file from which the daemon reads the expected times of drives.
 *
 * @param path the path of the file
 */
public record ExpectedFile(Path path) {
    /**
     * Replaces the file; {@link ExpectedTimesFile} reads it.
     *
     * @throws IOException if the file cannot be written
     */
    void write(ExpectedTimes times) throws IOException {
        List<Map<String, Object>> drives = times.drives().entrySet().stream()
                .map(entry -> Map.<String, Object>of(
                        "model", entry.getKey().model(),
                        "serial", entry.getKey().serial(),
                        "seconds", entry.getValue()))
                .toList();
        List<Map<String, Object>> models = times.models().entrySet().stream()
                .map(entry -> Map.<String, Object>of("model", entry.getKey(), "seconds", entry.getValue()))
                .toList();
        byte[] json = JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .build()
                .writeValueAsBytes(Map.of("format", ExpectedTimesFile.FORMAT, "drives", drives, "models", models));
        Files.createDirectories(Objects.requireNonNull(path.getParent(), "a directory"));
        AtomicFile.write(path, json);
    }
}
