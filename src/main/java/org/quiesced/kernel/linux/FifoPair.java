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

    @Override
    public String read() throws IOException {
        byte[] line = new byte[LONGEST];
        int length = 0;
        while (true) {
            int value = requests.read();
            if (value < 0) {
                throw new IOException("the pipe for requests has ended");
            }
            if (value == '\n') {
                return new String(line, 0, length, StandardCharsets.UTF_8);
            }
            if (length < LONGEST) {
                line[length++] = (byte) value;
            }
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
