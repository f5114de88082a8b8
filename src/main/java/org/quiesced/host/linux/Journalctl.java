// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.quiesced.host.PastJournal;

/** Reads the journal by journalctl(1). Not for use during a shutdown, because it starts a process. */
public final class Journalctl implements PastJournal {
    /** Time limit of a query; an archive of many files on a slow disk takes seconds. */
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /**
     * Maximum number of entries that are read, from the end of a boot, where its shutdown is: a shutdown has two for
     * each unit.
     */
    private static final int MOST_ENTRIES = 5_000;

    /** Maximum number of bytes that are read. An entry has less than a kilobyte. */
    private static final int MOST_BYTES = 8 << 20;

    private final String command;
    private final Duration limit;

    /** Creates a reader of this machine's journal. */
    public Journalctl() {
        this("journalctl", LIMIT);
    }

    Journalctl(String command, Duration limit) {
        this.command = command;
        this.limit = limit;
    }

    @Override
    public List<String> entries(Query query) throws IOException {
        Process process = start(query);
        FutureTask<byte[]> reading = new FutureTask<>(() -> {
            try (InputStream output = process.getInputStream()) {
                return output.readNBytes(MOST_BYTES);
            }
        });
        Thread reader = new Thread(reading, "journal");
        reader.setDaemon(true);
        reader.start();
        try {
            byte[] output = reading.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            if (output.length < MOST_BYTES && !hasSucceeded(process)) {
                throw new IOException("journalctl failed");
            }
            return lines(output);
        } catch (TimeoutException e) {
            throw new IOException("journalctl did not end within " + limit.toSeconds() + "s", e);
        } catch (ExecutionException e) {
            throw new IOException("the output of journalctl cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Returns whether journalctl has succeeded. Its output has ended, so it ends at once. */
    private static boolean hasSucceeded(Process process) throws InterruptedException {
        return process.waitFor(1, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private Process start(Query query) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                command,
                "--quiet",
                "--no-pager",
                "--output=json",
                "--output-fields=" + String.join(",", query.fields()),
                "--lines=" + MOST_ENTRIES));
        // As a match: a boot that is not in the journal then has no entries, and is not an error.
        String boot = "_BOOT_ID=" + query.boot().replace("-", "");
        for (List<String> matches : query.alternatives()) {
            if (words.contains(boot)) {
                words.add("+");
            }
            words.add(boot);
            words.addAll(matches);
        }
        try {
            Process process = new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new IOException("journalctl cannot be started", e);
        }
    }

    /** Returns the lines of the output, without an incomplete last one. */
    private static List<String> lines(byte[] output) {
        int end = output.length;
        while (end > 0 && output[end - 1] != '\n') {
            end--;
        }
        return new String(Arrays.copyOf(output, end), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }
}
