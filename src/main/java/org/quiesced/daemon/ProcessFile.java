// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The file that tells scripts the process number of the daemon, as the first word of its first line, and the version of
 * the protocol with the shutdown hook, as the second. It is replaced atomically. If the file system has no room for it,
 * it is a symbolic link to {@code /proc/PID/stat}, which begins with the same number and has the process name in
 * parentheses as its second word: tmpfs keeps a short link in the inode ({@code shmem_symlink} in {@code mm/shmem.c}).
 */
final class ProcessFile {
    /**
     * Version of the protocol. Since 2 the daemon removes the file {@code waiting.MARK} of a hook; since 3 it supports
     * an exitrd; since 4 it determines the verb for the scripts of units.
     */
    private static final int PROTOCOL = 4;

    private ProcessFile() {}

    /**
     * Creates or replaces the file.
     *
     * @throws IOException if there is no room for a link either
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
