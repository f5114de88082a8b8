// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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

    private final RecordFiles files;
    private final List<Path> pstore;
    private final Optional<PastJournal> journal;
    private final Consumer<String> problems;
    private final Set<String> reported = new HashSet<>();

    /**
     * Creates a completion.
     *
     * @param pstore the directories in which the logs are: where the kernel shows them, and where systemd-pstore(8)
     *     puts them
     * @param journal the journal of boots that have ended; empty if it is not to be read
     * @param problems receives a sentence for each file that cannot be read and is passed over, and for each addition
     *     that would make the record impossible
     */
    public Completion(RecordFiles files, List<Path> pstore, Optional<PastJournal> journal, Consumer<String> problems) {
        this.files = files;
        this.pstore = List.copyOf(pstore);
        this.journal = journal;
        this.problems = problems;
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
        PstoreLogs logs = PstoreLogs.read(pstore, problems);
        Optional<RecordFiles.Kept> last = files.last();
        Optional<ShutdownRecord> pending = pending().or(() -> ended.flatMap(known -> unplanned(known, logs, last)));
        if (pending.isEmpty() || pending.get().boot().equals(boot)) {
            return last.isEmpty() || last.get().record().isComplete() ? Optional.empty() : again(last.get(), logs);
        }
        // The machine may have failed after the record was kept.
        CarriedLine.Shutdown shutdown = CarriedLine.Shutdown.of(pending.get());
        Optional<RecordFiles.Kept> kept = isKept(shutdown, last) ? last : Optional.of(keep(pending.get(), logs));
        files.forgetPending(shutdown);
        return kept;
    }

    private static boolean isKept(CarriedLine.Shutdown shutdown, Optional<RecordFiles.Kept> last) {
        return last.filter(kept -> kept.record().isOf(shutdown)).isPresent();
    }

    /** Returns the last shutdown of a boot that pstore has lines of, unless it is recorded. */
    private static Optional<ShutdownRecord> unplanned(
            EndedBoot ended, PstoreLogs logs, Optional<RecordFiles.Kept> last) {
        return logs.last(ended.boot())
                .filter(found -> !isKept(found.shutdown(), last))
                .map(found -> ShutdownRecord.unplanned(found.shutdown(), found.written(), ended.drives()));
    }

    private Optional<ShutdownRecord> pending() throws IOException {
        try {
            return files.pending();
        } catch (UnreadableFileException e) {
            problems.accept(e.getMessage());
            files.setPendingAside();
            return Optional.empty();
        }
    }

    /**
     * Keeps a record, first without the journal: reading that may take a minute, and the pending record of a shutdown
     * in that time would replace this one.
     */
    private RecordFiles.Kept keep(ShutdownRecord written, PstoreLogs logs) throws IOException {
        Optional<KernelLogText> log = logs.of(CarriedLine.Shutdown.of(written));
        RecordFiles.Kept kept = files.keep(completed(written, log));
        return journal.isPresent()
                ? files.replace(kept.number(), completed(withJournal(written, journal.get()), log))
                : kept;
    }

    private Optional<RecordFiles.Kept> again(RecordFiles.Kept kept, PstoreLogs logs) throws IOException {
        ShutdownRecord completed = completed(kept.record(), logs.of(CarriedLine.Shutdown.of(kept.record())));
        return completed.isComplete() ? Optional.of(files.replace(kept.number(), completed)) : Optional.empty();
    }

    /**
     * Adds what the journal has kept: the units, and what was known of the drives while it was written. The end of a
     * run in the early phase is not that of the shutdown.
     */
    private ShutdownRecord withJournal(ShutdownRecord written, PastJournal journal) {
        JournalText text = JournalText.of(journal, written.boot());
        ShutdownRecord known = ifPossible(written, written.with(text.units(written.uptime())), "the journal");
        KernelLogText lines = new KernelLogText(CarriedLine.Shutdown.of(written), text.kernelLines());
        if (!lines.isOfTheShutdown()) {
            return known;
        }
        Map<Mark, Double> marks = lines.marks();
        if (!marks.containsKey(Mark.LATE)) {
            marks.remove(Mark.END);
        }
        return ifPossible(known, known.with(marks, lines.progress(), Optional.of(JOURNAL)), "the journal");
    }

    private ShutdownRecord completed(ShutdownRecord written, Optional<KernelLogText> log) {
        return log.map(text -> completed(written, text)).orElse(written);
    }

    private ShutdownRecord completed(ShutdownRecord written, KernelLogText text) {
        ShutdownRecord completed = ifPossible(
                written,
                written.with(text.marks(), text.progress(), Optional.of(text.isWhole() ? PSTORE : PSTORE_IN_PART)),
                "pstore");
        return text.walk(completed)
                .map(walk -> ifPossible(completed, completed.with(walk), "pstore"))
                .orElse(completed);
    }

    /**
     * Returns a record with an addition, or without it if it makes the record impossible: any process can write a line
     * to the kernel's log, and the kept record would be rejected.
     */
    private ShutdownRecord ifPossible(ShutdownRecord before, ShutdownRecord after, String source) {
        Optional<String> wrong = after.wrong();
        if (wrong.isEmpty()) {
            return after;
        }
        String problem = "a part of the last shutdown's record is not used, which " + source + " has: " + wrong.get();
        if (reported.add(problem)) {
            problems.accept(problem);
        }
        return before;
    }
}
