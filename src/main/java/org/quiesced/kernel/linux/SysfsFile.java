// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The small files of sysfs and procfs. */
final class SysfsFile {
    /** A sysfs attribute is never longer than a page ({@code fs/sysfs/file.c}). */
    private static final int PAGE = 4096;

    private SysfsFile() {}

    /** Reads an attribute without its line end, or nothing if it is not there, not readable, or its device is going away. */
    static Optional<String> read(String path) {
        byte[] buffer = new byte[PAGE];
        try (FileInputStream file = new FileInputStream(path)) {
            int length = Math.max(0, file.read(buffer));
            return Optional.of(new String(buffer, 0, length, StandardCharsets.UTF_8).stripTrailing());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Reads a file of any length, or nothing if that fails. */
    static String readAll(String path) {
        try {
            return Files.readString(Path.of(path), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Writes an attribute in one system call.
     *
     * @throws IOException if that fails; its message names the file and the system's reason
     */
    static void write(String path, String value) throws IOException {
        try (FileChannel file = FileChannel.open(Path.of(path), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
        } catch (FileSystemException e) {
            throw new IOException(
                    path + ": " + (e.getReason() == null ? "No such file or directory" : e.getReason()), e);
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }
}
