// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.quiesced.history.AtomicFile;
import org.quiesced.history.RecordFiles;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the facts of the last shutdown, for systemd-report(1).
 *
 * <p>Its source {@code io.systemd.Files} reports the content of each file in {@code report.files} as a text
 * (src/report/report-files.c of systemd 262); an entry of tmpfiles.d(5) puts a link to this file there. Every user may
 * query that source, and a report may leave the machine, so the file names no drive, device or user.
 *
 * @param path the path of the file
 */
public record FactsFile(Path path) {
    /** The name of the file in the runtime directory. */
    public static final String NAME = "last-shutdown.json";

    /**
     * Replaces the file.
     *
     * @throws IOException if the file cannot be written
     */
    void write(RecordFiles.Kept last) throws IOException {
        String json = JsonMapper.shared().writeValueAsString(Facts.of(last)) + "\n";
        Files.createDirectories(Objects.requireNonNull(path.getParent(), "a directory"));
        AtomicFile.write(path, json.getBytes(StandardCharsets.UTF_8));
    }
}
