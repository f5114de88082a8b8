// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Replaces files by rename(2), so that a reader sees either the old or the new content as a whole. */
public final class AtomicFile {
    private AtomicFile() {}

    /**
     * Replaces a file. Symbolic links in the place of the temporary file are not followed, because the directory may
     * belong to another user.
     */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, content, Set.of());
    }

    /**
     * Replaces a file that has the given permissions regardless of the process's umask.
     *
     * @param permissions empty to apply the umask
     */
    public static void write(Path file, byte[] content, Set<PosixFilePermission> permissions) throws IOException {
        replace(file, content, permissions, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /**
     * Replaces a file, and returns when its new content survives a failure of the machine. Waits for the disk, so it is
     * not for a system that shuts down.
     */
    static void writeDurably(Path file, byte[] content) throws IOException {
        replace(
                file,
                content,
                Set.of(),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static void replace(
            Path file, byte[] content, Set<PosixFilePermission> permissions, StandardOpenOption... options)
            throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try {
            Files.write(fresh, content, options);
            if (!permissions.isEmpty()) {
                Files.setPosixFilePermissions(fresh, permissions);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // A part of it would keep what is left of a full file system.
            try {
                Files.deleteIfExists(fresh);
            } catch (IOException other) {
                e.addSuppressed(other);
            }
            throw e;
        }
    }
}
