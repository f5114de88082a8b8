// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The kernel's logs that pstore has kept, as they were when they were read. */
final class PstoreLogs {
    /**
     * Maximum sum of bytes that are read, of the newest logs. systemd-pstore(8) keeps a log for each restart, and a
     * damaged one may have any size.
     */
    private static final long LARGEST_SUM = 16 << 20;

    /** Depth of the directories of systemd-pstore(8): one per log, which contains one per part. */
    private static final int DEPTH = 4;

    /** Maximum time between the parts of one log, in milliseconds. Firmware may take a second to store each part. */
    private static final long ONE_LOG = 120_000;

    private final List<Part> parts;

    /** Reads a file. */
    private interface Reading {
        void read() throws IOException;
    }

    /** A file that is a part of a log. */
    private record Log(Path file, long size, long modified) {
        static Log of(Path file) throws IOException {
            return new Log(
                    file, Files.size(file), Files.getLastModifiedTime(file).toMillis());
        }

        Part read() throws IOException {
            List<String> lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return new Part(modified, lines, KernelLogText.carried(lines));
        }
    }

    /** The content of a part of a log, with our lines in it. */
    private record Part(long modified, List<String> lines, List<CarriedLine> carried) {
        long distance(Part other) {
            return Math.abs(modified - other.modified);
        }

        boolean isOf(String boot) {
            return carried.stream().anyMatch(line -> line.shutdown().boot().equals(boot));
        }
    }

    /**
     * A shutdown that a log tells of.
     *
     * @param written when the log was written, in seconds since the epoch
     */
    record Found(CarriedLine.Shutdown shutdown, double written) {}

    private PstoreLogs(List<Part> parts) {
        this.parts = parts;
    }

    /**
     * Reads the logs.
     *
     * @param directories where they are; a directory may be missing
     * @param problems receives a sentence for each file that cannot be read and is passed over
     */
    static PstoreLogs read(List<Path> directories, Consumer<String> problems) {
        List<Log> logs = new ArrayList<>();
        for (Path directory : directories) {
            for (Path file : filesIn(directory, problems)) {
                passOver(problems, () -> logs.add(Log.of(file)));
            }
        }
        logs.sort(Comparator.comparingLong(Log::modified).reversed());
        List<Part> parts = new ArrayList<>();
        long left = LARGEST_SUM;
        for (Log log : logs) {
            if (log.size() <= left) {
                left -= log.size();
                passOver(problems, () -> parts.add(log.read()));
            }
        }
        return new PstoreLogs(parts);
    }

    private static void passOver(Consumer<String> problems, Reading reading) {
        try {
            reading.read();
        } catch (IOException e) {
            problems.accept("cannot be read: " + e.getMessage());
        }
    }

    private static List<Path> filesIn(Path directory, Consumer<String> problems) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(directory, DEPTH)) {
            return all.filter(file -> file.getFileName().toString().startsWith("dmesg"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            problems.accept(directory + ": cannot be read: " + e.getMessage());
            return List.of();
        }
    }

    /** Returns the last shutdown of a boot that went as far as the late phase; empty if no log tells of one. */
    Optional<Found> last(String boot) {
        return parts.stream()
                .flatMap(part -> part.carried().stream()
                        .filter(line -> line.marks().containsKey(Mark.LATE))
                        .map(line -> new Found(line.shutdown(), part.modified() / 1e3)))
                .filter(found -> found.shutdown().boot().equals(boot))
                .max(Comparator.comparingDouble(found -> found.shutdown().uptime()));
    }

    /**
     * Returns what the log of a shutdown tells, all its parts joined; empty if there is none. A part without lines of
     * ours belongs to the boot of the part that is next to it in time: a machine may restart twice in a minute.
     */
    Optional<KernelLogText> of(CarriedLine.Shutdown shutdown) {
        List<String> lines = parts.stream()
                .filter(part -> nextTo(part)
                        .filter(other -> other.isOf(shutdown.boot()))
                        .isPresent())
                .flatMap(part -> part.lines().stream())
                .toList();
        return Optional.of(new KernelLogText(shutdown, lines)).filter(KernelLogText::isOfTheShutdown);
    }

    /** Returns the part with lines of ours that is next to a part in time, itself or one of the same log. */
    private Optional<Part> nextTo(Part part) {
        return part.carried().isEmpty()
                ? parts.stream()
                        .filter(other -> !other.carried().isEmpty() && part.distance(other) < ONE_LOG)
                        .min(Comparator.comparingLong(part::distance))
                : Optional.of(part);
    }
}
