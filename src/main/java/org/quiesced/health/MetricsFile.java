// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.quiesced.history.AtomicFile;

/**
 * The file for a monitoring system; it is readable by every user.
 *
 * @param path an absolute path in an existing directory
 */
public record MetricsFile(Path path) {
    /**
     * Replaces the file.
     *
     * @throws IOException if it cannot be written; the message names the remedy
     */
    public void write(String text) throws IOException {
        Path directory = path.getParent();
        try {
            if (directory == null || !Files.isDirectory(directory)) {
                throw new NoSuchFileException(String.valueOf(directory), null, "no such directory");
            }
            AtomicFile.write(path, text.getBytes(StandardCharsets.UTF_8), PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException e) {
            throw new IOException(
                    "metrics = \"" + path + "\": cannot be written (" + e.getMessage()
                            + "); quiesced-history.service may write below /var/lib/prometheus and"
                            + " /var/lib/node_exporter, and elsewhere with ReadWritePaths= in a drop-in",
                    e);
        }
    }
}
