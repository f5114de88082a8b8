// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.quiesced.history.Mark;
import org.quiesced.history.Recording;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.log.Logging;
import org.quiesced.report.EventMessages.Message;
import org.quiesced.report.EventMessages.Severity;
import org.quiesced.report.PlanReport;
import org.quiesced.report.Version;
import org.quiesced.run.Event;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Snapshot;

/**
 * Records the shutdown: what is planned in the file {@code record.json}, which {@code bin/early} copies to a disk while
 * one can be written to, and what becomes of it in lines for the kernel's log. No method but {@link #write} does
 * more than keep its arguments, or throws. Any thread may use it.
 */
final class ShutdownRecorder {
    /** The file in the runtime directory. */
    static final String FILE = "record.json";

    private final Optional<Path> directory;
    private final Boot boot;
    private final Supplier<Snapshot> source;
    private final LongSupplier clock;
    private Optional<Current> current = Optional.empty();

    /**
     * The boot that the daemon lives in.
     *
     * @param id as {@code /proc/sys/kernel/random/boot_id} has it
     * @param kernel the release of the kernel
     * @param uptime returns how long ago the kernel started, in seconds of the monotonic clock
     * @param now returns the time, in seconds since the epoch
     */
    record Boot(String id, String kernel, DoubleSupplier uptime, DoubleSupplier now) {}

    private record Current(Verb verb, double asked, double uptime, Recording recording) {}

    /**
     * Makes a recorder of no shutdown yet.
     *
     * @param directory the runtime directory; empty if no file is to be written
     * @param source returns what is planned
     */
    ShutdownRecorder(Optional<Path> directory, Boot boot, Supplier<Snapshot> source) {
        this.source = source;
        this.directory = directory;
        this.boot = boot;
        this.clock = System::nanoTime;
    }

    /** Notes that a shutdown was asked for, unless that is known of the same one. */
    synchronized void asked(Verb verb) {
        long now = clock.getAsLong();
        double uptime = boot.uptime().getAsDouble();
        current = Optional.of(new Current(
                verb, boot.now().getAsDouble(), uptime, new Recording(boot.id(), verb.word(), uptime, now)));
    }

    /** Notes a moment of the shutdown, which begins with it if nothing was heard of it before. */
    synchronized void mark(Verb verb, Mark mark) {
        if (current.isEmpty()) {
            asked(verb);
        }
        current.orElseThrow().recording().mark(mark, clock.getAsLong());
    }

    /** Notes that a run begins. */
    synchronized void begins(Verb verb) {
        if (current.isEmpty()) {
            asked(verb);
        }
        current.orElseThrow().recording().runBegins(clock.getAsLong());
    }

    /** Notes an event of the run. */
    synchronized void happened(Event event) {
        current.ifPresent(known -> known.recording().happened(event));
    }

    /** Notes that the shutdown was cancelled. */
    synchronized void cancelled() {
        current = Optional.empty();
        directory.ifPresent(runtime -> {
            try {
                Files.deleteIfExists(runtime.resolve(FILE));
            } catch (IOException e) {
                // The next boot takes it for one of its own that was cancelled: it has the same boot.
                return;
            }
        });
    }

    /** Writes what is known to the kernel's log, and that nothing follows which it would wait for. */
    void carry(Logging.ShutdownLog log) {
        Recording recording;
        synchronized (this) {
            if (current.isEmpty()) {
                return;
            }
            recording = current.get().recording();
            recording.mark(Mark.END, clock.getAsLong());
        }
        try {
            recording.lines().forEach(line -> log.say(new Message(Severity.DEBUG, line)));
        } catch (RuntimeException e) {
            // A defect here costs the record, not the shutdown.
            log.say(new Message(Severity.WARNING, "this is a defect, please report it: no record is kept: " + e));
        }
    }

    /** Writes the file. Best effort; to be called where nobody waits. */
    void write() {
        Optional<Current> known;
        synchronized (this) {
            known = current;
        }
        if (known.isEmpty() || directory.isEmpty()) {
            return;
        }
        Path fresh = directory.get().resolve(FILE + ".new");
        try {
            Files.write(fresh, record(known.get(), source.get()).json());
            Files.move(fresh, directory.get().resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            // A file system in memory that is full, or a defect: it costs the record, not the shutdown.
            return;
        }
    }

    private ShutdownRecord record(Current known, Snapshot now) {
        PlanReport report = new PlanReport(now.seen(), now.latencies(), known.verb(), now.config());
        ShutdownRecord planned = ShutdownRecord.planned(
                new ShutdownRecord.Origin(boot.id(), Version.current(), boot.kernel(), known.asked(), known.uptime()),
                report.json());
        return known.recording().completing(planned);
    }
}
