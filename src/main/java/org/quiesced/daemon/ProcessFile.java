// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The file that names the daemon's process, the first word of its first line, and the version of the protocol that the
 * shutdown hook speaks with it, the second. It appears whole. Where the file system has no room for a file of a few
 * bytes, it is a symbolic link to {@code /proc/PID/stat}, which begins with the same number and has the name of the
 * process in parentheses as its second word: tmpfs keeps a short link in the inode ({@code shmem_symlink} of
 * {@code mm/shmem.c}).
 */
final class ProcessFile {
    /**
     * From version 2 on the daemon removes the file {@code waiting.MARK} of a hook; from 3 on it knows of an exitrd.
     */
    private static final int PROTOCOL = 3;

    private ProcessFile() {}

    /**
     * Makes the file, in place of an older one.
     *
     * @throws IOException if there is no room even for a link
     */
    static void publish(Path path, long process) throws IOException {
        publish(path, process, fresh -> Files.writeString(fresh, process + " " + PROTOCOL + "\n"));
    }

    /** Writes the file; a failure may leave a file behind. */
    @FunctionalInterface
    interface Writer {
        void write(Path path) throws IOException;
    }

    static void publish(Path path, long process, Writer writer) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try {
            writer.write(fresh);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            Files.createSymbolicLink(fresh, Path.of("/proc", Long.toString(process), "stat"));
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    }
}
