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
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.quiesced.host.PastJournal;

/**
 * Completes the record of the last shutdown after the restart. It merges the part that was written before the file
 * systems were unmounted with the part that the kernel's log carried.
 */
public final class Completion {
    /** The value of {@link ShutdownRecord#carrier} for a complete log of pstore. */
    static final String PSTORE = "pstore";

    /** The same, where some of our lines are missing. */
    static final String PSTORE_IN_PART = "pstore_in_part";

    /** What carried the part of the record that was known while systemd-journald(8) ran. */
    static final String JOURNAL = "journal";

    /** Maximum number of bytes that are read of a log; a damaged log of pstore may have any size. */
    private static final long LARGEST_LOG = 16 << 20;

    /** Depth of the directories of systemd-pstore(8): one per log, which contains one per part. */
    private static final int DEPTH = 4;

    /** Maximum time between the parts of one log, in milliseconds. Firmware may take a second to store each part. */
    private static final long ONE_LOG = 120_000;

    private final RecordFiles files;
    private final List<Path> pstore;
    private final Optional<PastJournal> journal;
    private final Consumer<String> problems;

    private record LogFile(long modified, List<String> lines) {}

    /**
     * Creates a completion.
     *
     * @param pstore the directories in which the logs are: where the kernel shows them, and where systemd-pstore(8)
     *     puts them
     * @param journal the journal of boots that have ended; empty if it is not to be read
     * @param problems receives a sentence for each file that cannot be read and is passed over
     */
    public Completion(RecordFiles files, List<Path> pstore, Optional<PastJournal> journal, Consumer<String> problems) {
        this.files = files;
        this.pstore = List.copyOf(pstore);
        this.journal = journal;
        this.problems = problems;
    }

    /** Makes one that reads no journal. */
    public Completion(RecordFiles files, List<Path> pstore, Consumer<String> problems) {
        this(files, pstore, Optional.empty(), problems);
    }

    /**
     * Returns the completion for this machine.
     *
     * @param journal the journal of this machine
     * @param problems receives a sentence for each file that cannot be read and is passed over
     */
    public static Completion ofThisMachine(PastJournal journal, Consumer<String> problems) {
        return new Completion(
                new RecordFiles(RecordFiles.SYSTEM),
                List.of(Path.of("/sys/fs/pstore"), Path.of("/var/lib/systemd/pstore")),
                Optional.of(journal),
                problems);
    }

    /**
     * Completes the record of the boot that ended last, and keeps it. One that is kept already, and lacks its end, is
     * completed if that has appeared since. A record that is pending and belongs to the present boot, whose shutdown
     * was cancelled or is under way, stays as it is. Where nothing is pending, because there was no daemon when the
     * shutdown began, the lines of the one-shot command make a record.
     *
     * @param boot the present boot
     * @param ended the boot that ended last, if it is known
     * @return what is kept; nothing if nothing is new
     */
    public Optional<RecordFiles.Kept> complete(String boot, Optional<EndedBoot> ended) throws IOException {
        Optional<RecordFiles.Kept> last = files.last();
        Optional<ShutdownRecord> pending = pending().or(() -> ended.flatMap(known -> unplanned(known, last)));
        if (pending.isEmpty() || pending.get().boot().equals(boot)) {
            return last.isEmpty() || last.get().record().isComplete() ? Optional.empty() : again(last.get());
        }
        // The machine may have failed between the two steps that follow.
        boolean isKept = last.filter(kept -> kept.record().isOf(pending.get())).isPresent();
        Optional<RecordFiles.Kept> kept =
                isKept ? last : Optional.of(files.keep(completed(withJournal(pending.get()))));
        files.forgetPending();
        return kept;
    }

    /** The same where the boot that ended last is not known. */
    public Optional<RecordFiles.Kept> complete(String boot) throws IOException {
        return complete(boot, Optional.empty());
    }

    /** Returns the last shutdown of a boot that pstore has lines of, unless it is recorded. */
    private Optional<ShutdownRecord> unplanned(EndedBoot ended, Optional<RecordFiles.Kept> last) {
        record Found(CarriedLine.Shutdown shutdown, double seconds) {}
        return logs().stream()
                .flatMap(log -> KernelLogText.shutdowns(ended.boot(), log.lines()).stream()
                        .map(shutdown -> new Found(shutdown, log.modified() / 1e3)))
                .max(Comparator.comparingDouble(found -> found.shutdown().uptime()))
                .filter(found -> last.filter(kept -> found.shutdown().is(CarriedLine.Shutdown.of(kept.record())))
                        .isEmpty())
                .map(found -> ShutdownRecord.unplanned(found.shutdown(), found.seconds(), ended.drives()));
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

    /**
     * Adds what the journal has kept: the units, and what was known of the drives while it was written. The end of a
     * run in the early phase is not that of the shutdown.
     */
    private ShutdownRecord withJournal(ShutdownRecord written) {
        if (journal.isEmpty()) {
            return written;
        }
        JournalText text = JournalText.of(journal.get(), written.boot());
        ShutdownRecord known = written.with(text.units(written.uptime()));
        KernelLogText lines = new KernelLogText(CarriedLine.Shutdown.of(written), text.kernelLines());
        if (!lines.isOfTheShutdown()) {
            return known;
        }
        Map<Mark, Double> marks = lines.marks();
        if (!marks.containsKey(Mark.LATE)) {
            marks.remove(Mark.END);
        }
        return known.with(marks, lines.progress(), Optional.of(JOURNAL));
    }

    private ShutdownRecord completed(ShutdownRecord written) {
        CarriedLine.Shutdown shutdown = CarriedLine.Shutdown.of(written);
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
        ShutdownRecord completed =
                written.with(text.marks(), text.progress(), Optional.of(text.isWhole() ? PSTORE : PSTORE_IN_PART));
        return text.walk(completed).map(completed::with).orElse(completed);
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
