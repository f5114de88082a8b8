// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.FileStatus;

/** The file descriptors of other processes, {@code /proc/PID/fd}. */
final class Descriptors {
    private Descriptors() {}

    /**
     * Returns whether the descriptor itself could not be followed. If it could, the file system denied access to the
     * file: that of a user in user space hides its files from all other users, including root ({@code
     * fuse_update_get_attr} in {@code fs/fuse/dir.c}), and is mounted without device nodes (fusermount3(1)).
     *
     * @param file the failed read of the file that the descriptor refers to
     */
    static boolean isDenied(FileStatus file, String descriptor) {
        return (file.errno() == ErrnoException.EACCES || file.errno() == ErrnoException.EPERM)
                && !isReadableLink(descriptor);
    }

    private static boolean isReadableLink(String path) {
        try {
            Files.readSymbolicLink(Path.of(path));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
