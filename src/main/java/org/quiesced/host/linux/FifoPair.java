// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.quiesced.host.RequestPipe;
import org.quiesced.linux.Host;
import org.quiesced.linux.NativeFile;

/**
 * Two named pipes, {@code request} and {@code answer}, which only their owner may open. Both ends open them for reading
 * and writing: on Linux that never blocks (fifo(7)), and a script that ends causes no end of file. A script also
 * creates a file {@code waiting.MARK} before its request, which is removed when the request has begun. The script can
 * test for the file without starting a process and without blocking, unlike reading a pipe; and the removal of a file
 * needs no space.
 */
public final class FifoPair implements RequestPipe {
    private static final int LONGEST = 256;

    private final Path directory;
    private final RandomAccessFile requests;
    private final NativeFile answers;
    private String pending = "";

    /**
     * Creates new pipes, without old contents.
     *
     * @throws IOException if that fails
     */
    public FifoPair(Path directory) throws IOException {
        this.directory = directory;
        requests = new RandomAccessFile(make(directory, "request").toFile(), "rw");
        answers = NativeFile.openForWords(make(directory, "answer").toString());
        publish(directory, "request");
        publish(directory, "answer");
    }

    private static Path make(Path directory, String name) throws IOException {
        Path fresh = fresh(directory, name);
        Files.deleteIfExists(fresh);
        Host.makeFifo(fresh.toString(), 0600);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
        return fresh;
    }

    /** Renames a pipe to its final name once it is usable, because a hook may start at any time. */
    private static void publish(Path directory, String name) throws IOException {
        Files.move(fresh(directory, name), directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path fresh(Path directory, String name) {
        return directory.resolve(name + ".new");
    }

    /** Reads a line. A write of at most PIPE_BUF bytes is atomic (pipe(7)), so lines of several writers do not mix. */
    @Override
    public String read() throws IOException {
        while (true) {
            int end = pending.indexOf("\n");
            if (end >= 0) {
                String line = pending.substring(0, end);
                pending = pending.substring(end + 1);
                return line;
            }
            byte[] piece = new byte[LONGEST];
            int length = requests.read(piece);
            if (length < 0) {
                throw new IOException("the pipe for requests has ended");
            }
            pending = pending.length() > LONGEST ? "" : pending;
            pending += new String(piece, 0, length, StandardCharsets.UTF_8);
        }
    }

    @Override
    public synchronized void answer(String line) {
        try {
            answers.write(line + "\n");
        } catch (IOException e) {
            // The pipe is full because no process reads. The next line contains more.
            return;
        }
    }

    @Override
    public void begun(String mark) {
        try {
            Files.deleteIfExists(directory.resolve("waiting." + mark));
        } catch (IOException e) {
            return;
        }
    }

    @Override
    public synchronized void close() {
        answers.close();
        try {
            requests.close();
        } catch (IOException e) {
            return;
        }
    }
}
