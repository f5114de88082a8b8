// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.quiesced.kernel.RequestPipe;
import org.quiesced.kernel.linux.ffi.Host;

/**
 * Two named pipes, {@code request} and {@code answer}, which only their owner may open. Each end opens both for reading and writing: on Linux that
 * never waits for the other end (fifo(7)), and there is no end of file when a script that wrote goes away.
 */
public final class FifoPair implements RequestPipe {
    private static final int LONGEST = 256;

    private final RandomAccessFile requests;
    private final RandomAccessFile answers;
    private String pending = "";

    /**
     * Makes the pipes anew, so that nothing is left in them of former times.
     *
     * @throws IOException if that fails
     */
    public FifoPair(Path directory) throws IOException {
        requests = make(directory.resolve("request"));
        answers = make(directory.resolve("answer"));
    }

    /** The pipe appears under its name only when it can be used, for a hook may come at any moment. */
    private static RandomAccessFile make(Path path) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Host.makeFifo(fresh.toString(), 0600);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
        RandomAccessFile pipe = new RandomAccessFile(fresh.toFile(), "rw");
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        return pipe;
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
            answers.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return;
        }
    }

    @Override
    public void close() {
        try {
            requests.close();
            answers.close();
        } catch (IOException e) {
            return;
        }
    }
}
