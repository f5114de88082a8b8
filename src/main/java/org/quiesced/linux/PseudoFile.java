// SPDX-License-Identifier: Apache-2.0
package org.quiesced.linux;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Access to the small files of sysfs and procfs. */
public final class PseudoFile {
    /** Maximum length of a sysfs attribute, a page ({@code fs/sysfs/file.c}). */
    private static final int PAGE = 4096;

    /** Size of the first read, which suffices for most attributes and leaves little garbage. */
    private static final int USUAL = 256;

    private PseudoFile() {}

    /**
     * Returns an attribute without its line end; empty if it does not exist, is not readable, or its device is going
     * away.
     */
    public static Optional<String> read(String path) {
        try (FileInputStream file = new FileInputStream(path)) {
            return Optional.of(content(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns an attribute without its line end; empty if it does not exist.
     *
     * @throws IOException if it exists and cannot be read
     */
    public static Optional<String> readIfThere(String path) throws IOException {
        try (FileInputStream file = new FileInputStream(path)) {
            return Optional.of(content(file));
        } catch (IOException e) {
            if (isGone(path)) {
                return Optional.empty();
            }
            throw new IOException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads an attribute in at most two parts. The second read continues the content of the first: the kernel keeps it
     * ({@code seq_read_iter} in {@code fs/seq_file.c}, {@code fill_read_buffer} in {@code fs/configfs/file.c}), or
     * reads it by position, as the arguments and the environment of a process.
     */
    private static String content(FileInputStream file) throws IOException {
        byte[] buffer = new byte[USUAL];
        int length = Math.max(0, file.read(buffer));
        if (length == USUAL) {
            buffer = Arrays.copyOf(buffer, PAGE);
            length += Math.max(0, file.read(buffer, USUAL, PAGE - USUAL));
        }
        return new String(buffer, 0, length, StandardCharsets.UTF_8).stripTrailing();
    }

    /**
     * Returns whether the path does not exist; false if that is unknown. A read of an attribute whose device is being
     * removed fails with ENODEV; after that the path does not exist.
     */
    public static boolean isGone(String path) {
        FileStatus status = new FileStatus();
        return !status.read(path)
                && (status.errno() == ErrnoException.ENOENT || status.errno() == ErrnoException.ENOTDIR);
    }

    /**
     * Returns the names in a directory, in no particular order; empty if there is no such directory.
     *
     * @throws IOException if the directory exists and cannot be read
     */
    public static List<String> list(String directory) throws IOException {
        List<String> names = new ArrayList<>();
        // File.list() treats an error in the middle of a directory as its end.
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(directory))) {
            for (Path entry : entries) {
                names.add(entry.getFileName().toString());
            }
            return names;
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            IOException cause = Objects.requireNonNull(e.getCause());
            if (cause instanceof NoSuchFileException) {
                return List.of();
            }
            throw new IOException(directory + ": cannot be read: " + cause.getMessage(), e);
        } catch (IOException e) {
            throw new IOException(directory + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the target of a symbolic link; empty if it does not exist.
     *
     * @throws IOException if it exists and cannot be read
     */
    public static Optional<String> link(String path) throws IOException {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of(path)).toString());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IOException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Returns the content of a file of any length; an empty string if that fails. */
    public static String readAll(String path) {
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
    public static void write(String path, String value) throws IOException {
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
