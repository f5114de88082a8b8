// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quiesced.history.Completion;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.RecordText;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.history.StoredRecord;

/** Evaluates the last shutdown after boot, and stores the data that the next shutdown needs. */
public final class AfterBoot {
    private final Completion completion;
    private final RecordFiles records;
    private final DrivesFile drives;
    private final ExpectedFile expected;
    private final FactsFile facts;
    private final List<LogLine> lines = new ArrayList<>();

    /** Provides the drives of the present boot. */
    @FunctionalInterface
    public interface DriveSource {
        /**
         * Returns the drives.
         *
         * @throws IOException if the device tree cannot be read
         */
        List<Drive> read() throws IOException, InterruptedException;
    }

    /**
     * The result of an evaluation.
     *
     * @param kept the record that was completed; empty if there was none to complete
     * @param last the record of the last shutdown; empty if there is none, or it is damaged
     * @param drives the drives of the present boot
     * @param lines for the log
     */
    public record Result(
            Optional<RecordFiles.Kept> kept, Optional<RecordFiles.Kept> last, Drives drives, List<LogLine> lines) {
        /** Copies the list. */
        public Result {
            lines = List.copyOf(lines);
        }
    }

    /**
     * Creates an evaluation, which can be run once.
     *
     * @param completion completes the record
     * @param records the stored records; the drives of the last boot are in the same directory
     * @param expected the file of the expected times, which the daemon reads
     * @param facts the file of the facts of the last shutdown, for systemd-report(1)
     */
    public AfterBoot(Completion completion, RecordFiles records, ExpectedFile expected, FactsFile facts) {
        this.completion = completion;
        this.records = records;
        this.drives = new DrivesFile(records.directory());
        this.expected = expected;
        this.facts = facts;
    }

    /**
     * Completes the record of the last shutdown, compares the counters of the drives before and after it, and writes
     * the expected times of the drives and the facts of the last shutdown. The record is stored before any drive is
     * queried; a later failure is reported by a line.
     *
     * @param boot the id of the present boot
     * @throws IOException if the record cannot be stored
     */
    public Result run(String boot, DriveSource source) throws IOException, InterruptedException {
        Optional<Drives> written = earlier();
        Optional<Drives> same = written.filter(drives -> drives.boot().equals(boot));
        Optional<Drives> before = written.filter(drives -> same.isEmpty());
        Optional<RecordFiles.Kept> kept = completion.complete(boot, before.map(Drives::ended));
        RecordFiles.Contents stored = records.read();
        List<RecordFiles.Kept> all = stored.records();
        Drives now = Drives.of(boot, present(source));
        Optional<CounterComparison> comparison = before.map(drives -> new CounterComparison(drives, now));
        if (kept.isPresent()) {
            Optional<CounterComparison> ofThatBoot =
                    ofTheSameBoot(comparison, kept.get().record());
            kept = Optional.of(ofThatBoot.isEmpty() ? kept.get() : proven(kept.get(), all, ofThatBoot.get()));
            lines.addAll(CounterComparison.of(kept.get().record()));
            lines.addAll(CounterComparison.startedAnew(kept.get().record()));
            lines.addAll(slow(kept.get().record()));
            comparison = comparison.filter(known -> ofThatBoot.isEmpty());
        }
        comparison.ifPresent(known -> lines.addAll(known.unrecorded()));
        same.ifPresent(drives -> lines.addAll(new CounterComparison(drives, now).whileRunning()));
        Drives known = same.map(now::and).orElse(now);
        attempt(() -> drives.write(known));
        List<RecordFiles.Kept> present = with(kept, all);
        attempt(() -> expected.write(
                new UsualTimes(present.stream().map(RecordFiles.Kept::record).toList()).expected()));
        Optional<RecordFiles.Kept> last = last(stored, present);
        if (last.isPresent()) {
            attempt(() -> facts.write(last.get()));
        }
        return new Result(kept, last, known, lines);
    }

    /** Returns the record of the last shutdown. A damaged one is reported, and no other one takes its place. */
    private Optional<RecordFiles.Kept> last(RecordFiles.Contents stored, List<RecordFiles.Kept> present) {
        Optional<StoredRecord> last = stored.last();
        last.flatMap(StoredRecord::warning).ifPresent(text -> lines.add(LogLine.warning(text)));
        return last.flatMap(one ->
                present.stream().filter(kept -> kept.number() == one.number()).findFirst());
    }

    private Optional<Drives> earlier() {
        try {
            return drives.read();
        } catch (IOException e) {
            lines.add(LogLine.warning(e.getMessage() + "; it is replaced"));
            return Optional.empty();
        }
    }

    private List<Drive> present(DriveSource source) throws InterruptedException {
        try {
            return source.read();
        } catch (IOException e) {
            lines.add(LogLine.warning("the drives cannot be read: " + e.getMessage()));
            return List.of();
        }
    }

    /** Returns the comparison only if it belongs to the boot of the record. */
    private static Optional<CounterComparison> ofTheSameBoot(
            Optional<CounterComparison> comparison, ShutdownRecord record) {
        return comparison.filter(known -> known.before().boot().equals(record.boot()));
    }

    /** Returns all records, with the completed one in place of its former version. */
    private static List<RecordFiles.Kept> with(Optional<RecordFiles.Kept> changed, List<RecordFiles.Kept> all) {
        return all.stream()
                .map(one ->
                        changed.filter(kept -> kept.number() == one.number()).orElse(one))
                .toList();
    }

    private RecordFiles.Kept proven(RecordFiles.Kept kept, List<RecordFiles.Kept> all, CounterComparison comparison)
            throws IOException {
        List<ShutdownRecord> others = all.stream()
                .filter(other -> other.number() != kept.number())
                .map(RecordFiles.Kept::record)
                .toList();
        return records.replace(kept.number(), comparison.added(kept.record(), new UsualTimes(others)));
    }

    private static List<LogLine> slow(ShutdownRecord record) {
        List<LogLine> slow = new ArrayList<>();
        for (DeviceRecord device : record.devices()) {
            RecordText.slowness(device, record)
                    .ifPresent(words -> slow.add(LogLine.warning(device.label() + " " + words)));
        }
        return slow;
    }

    private interface Attempt {
        void make() throws IOException;
    }

    private void attempt(Attempt attempt) {
        try {
            attempt.make();
        } catch (IOException e) {
            lines.add(LogLine.warning("cannot be written: " + e.getMessage()));
        }
    }
}
