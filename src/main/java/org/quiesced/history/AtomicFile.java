// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Files that are replaced by rename(2), so that a reader sees the old one or the new one, whole. */
public final class AtomicFile {
    private AtomicFile() {}

    /**
     * Writes a file. The directory may belong to another user, who might have left a link in the place of the new file:
     * none is followed.
     */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, content, Set.of());
    }

    /**
     * Does the same for a file that has certain permissions, whatever the mask of the process is.
     *
     * @param permissions empty if the mask decides
     */
    public static void write(Path file, byte[] content, Set<PosixFilePermission> permissions) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.write(fresh, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        if (!permissions.isEmpty()) {
            Files.setPosixFilePermissions(fresh, permissions);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
