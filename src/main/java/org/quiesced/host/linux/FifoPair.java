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
 * Two named pipes, {@code request} and {@code answer}, which only their owner may open. Each end opens both for reading
 * and writing: on Linux that never waits for the other end (fifo(7)), and there is no end of file when a script that
 * wrote goes away. Besides them a file {@code waiting.MARK}, which a script makes before its request and which is
 * removed when that has begun: the script can look for it without a process, and without being kept waiting as by a
 * pipe. To remove a file takes no room.
 */
public final class FifoPair implements RequestPipe {
    private static final int LONGEST = 256;

    private final Path directory;
    private final RandomAccessFile requests;
    private final NativeFile answers;
    private String pending = "";

    /**
     * Makes the pipes anew, so that nothing is left in them of former times.
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

    /** A pipe appears under its name only when it can be used, for a hook may come at any moment. */
    private static void publish(Path directory, String name) throws IOException {
        Files.move(fresh(directory, name), directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path fresh(Path directory, String name) {
        return directory.resolve(name + ".new");
    }

    /** What is written to a pipe in one piece, and is not longer than that, comes in one piece (pipe(7), PIPE_BUF). */
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
            // No room: nobody reads. The next line says more.
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
