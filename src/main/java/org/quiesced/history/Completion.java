// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Completes the record of the last shutdown after the restart. It merges the part that was written before the file
 * systems were unmounted with the part that the kernel's log carried.
 */
public final class Completion {
    /** The value of {@link ShutdownRecord#carrier} for a complete log of pstore. */
    static final String PSTORE = "pstore";

    /** The value of {@link ShutdownRecord#carrier} for a log of pstore without some of the lines. */
    static final String PSTORE_IN_PART = "pstore, in part";

    /** Maximum number of bytes that are read of a log; a damaged log of pstore may have any size. */
    private static final long LARGEST_LOG = 16 << 20;

    /** Depth of the directories of systemd-pstore(8): one per log, which contains one per part. */
    private static final int DEPTH = 4;

    /** Maximum time between the parts of one log, in milliseconds. Firmware may take a second to store each part. */
    private static final long ONE_LOG = 120_000;

    private final RecordFiles files;
    private final List<Path> pstore;
    private final Consumer<String> problems;

    private record LogFile(long modified, List<String> lines) {}

    /**
     * Creates a completion.
     *
     * @param pstore the directories of the logs: the kernel's, and that of systemd-pstore(8)
     * @param problems receives a sentence for each file that cannot be read, and is ignored
     */
    public Completion(RecordFiles files, List<Path> pstore, Consumer<String> problems) {
        this.files = files;
        this.pstore = List.copyOf(pstore);
        this.problems = problems;
    }

    /**
     * Returns the completion for this machine.
     *
     * @param problems receives a sentence for each file that cannot be read, and is ignored
     */
    public static Completion ofThisMachine(Consumer<String> problems) {
        return new Completion(
                new RecordFiles(RecordFiles.SYSTEM),
                List.of(Path.of("/sys/fs/pstore"), Path.of("/var/lib/systemd/pstore")),
                problems);
    }

    /**
     * Completes and stores the record of the boot that ended last. A stored record without its end is completed if the
     * end has appeared since. A pending record of the present boot, whose shutdown was cancelled or is in progress,
     * stays as it is.
     *
     * @param boot the id of the present boot
     * @return the stored record; empty if none was changed
     */
    public Optional<RecordFiles.Kept> complete(String boot) throws IOException {
        Optional<ShutdownRecord> pending = pending();
        Optional<RecordFiles.Kept> last = files.last();
        if (pending.isEmpty() || pending.get().boot().equals(boot)) {
            return last.isEmpty() || last.get().record().isComplete() ? Optional.empty() : again(last.get());
        }
        // The machine may have failed between the two steps that follow.
        boolean isKept = last.filter(kept -> kept.record().isOf(pending.get())).isPresent();
        Optional<RecordFiles.Kept> kept = isKept ? last : Optional.of(files.keep(completed(pending.get())));
        files.forgetPending();
        return kept;
    }

    private Optional<ShutdownRecord> pending() throws IOException {
        try {
            return files.pending();
        } catch (RecordFiles.DamagedRecordException e) {
            problems.accept(e.getMessage());
            files.setPendingAside();
            return Optional.empty();
        }
    }

    private Optional<RecordFiles.Kept> again(RecordFiles.Kept kept) throws IOException {
        ShutdownRecord completed = completed(kept.record());
        return completed.isComplete() ? Optional.of(files.replace(kept.number(), completed)) : Optional.empty();
    }

    private ShutdownRecord completed(ShutdownRecord written) {
        CarriedLine.Shutdown shutdown = new CarriedLine.Shutdown(written.boot(), written.verb(), written.uptime());
        List<LogFile> logs = logs();
        List<LogFile> ours = logs.stream()
                .filter(file -> new KernelLogText(shutdown, file.lines()).isOfTheShutdown())
                .toList();
        if (ours.isEmpty()) {
            return written;
        }
        List<String> lines = logs.stream()
                .filter(file -> ours.stream().anyMatch(one -> Math.abs(one.modified() - file.modified()) < ONE_LOG))
                .flatMap(file -> file.lines().stream())
                .toList();
        KernelLogText text = new KernelLogText(shutdown, lines);
        return written.with(text.marks(), text.progress(), Optional.of(text.isWhole() ? PSTORE : PSTORE_IN_PART));
    }

    /** Returns the logs. Each part of a log is a file. */
    private List<LogFile> logs() {
        List<LogFile> logs = new ArrayList<>();
        for (Path directory : pstore) {
            for (Path file : filesIn(directory)) {
                try {
                    if (Files.size(file) <= LARGEST_LOG) {
                        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                        logs.add(new LogFile(
                                Files.getLastModifiedTime(file).toMillis(),
                                text.lines().toList()));
                    }
                } catch (IOException e) {
                    problems.accept("cannot be read: " + e.getMessage());
                }
            }
        }
        return logs;
    }

    private List<Path> filesIn(Path directory) {
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
}
