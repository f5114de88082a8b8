// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.quiesced.history.AtomicFile;
import org.quiesced.history.Mark;
import org.quiesced.history.Recording;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.host.linux.LinuxHost;
import org.quiesced.log.Logging;
import org.quiesced.report.PlanReport;
import org.quiesced.report.Version;
import org.quiesced.run.Event;
import org.quiesced.run.PreparedPlan;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Snapshot;

/**
 * Records a shutdown: the plan in the file {@code record.json}, which {@code bin/early} copies to a disk while one is
 * writable, and the results in lines for the kernel's log. No method throws: a defect in this class, or lack of memory,
 * costs the record but not the shutdown. Only {@link #write} may block. Safe for use by several threads.
 */
final class ShutdownRecorder {
    /** Name of the file in the runtime directory. */
    static final String FILE = "record.json";

    private static final double NANOS = 1e9;

    private final Optional<Path> directory;
    private final Boot boot;
    private final Supplier<Snapshot> source;
    private Optional<Current> current = Optional.empty();

    /**
     * The boot in which the daemon runs.
     *
     * @param id the content of {@code /proc/sys/kernel/random/boot_id}
     * @param kernel the release of the kernel
     * @param monotonic returns the time of the monotonic clock, in nanoseconds since the kernel started
     * @param now returns the time, in seconds since the epoch
     */
    record Boot(String id, String kernel, LongSupplier monotonic, DoubleSupplier now) {
        /** Returns the boot of the running kernel. */
        static Boot running() {
            return new Boot(
                    LinuxHost.bootId(),
                    LinuxHost.kernelRelease(),
                    // CLOCK_MONOTONIC (os::javaTimeNanos in os_posix.cpp of the shipped runtime).
                    System::nanoTime,
                    () -> System.currentTimeMillis() / 1e3);
        }
    }

    private record Current(Verb verb, double asked, double uptime, Recording recording) {}

    /**
     * Creates a recorder without a shutdown.
     *
     * @param directory the runtime directory; empty if no file is to be written
     * @param source returns the snapshot with the present plan
     */
    ShutdownRecorder(Optional<Path> directory, Boot boot, Supplier<Snapshot> source) {
        this.directory = directory;
        this.boot = boot;
        this.source = source;
    }

    /** Begins the record of a shutdown; discards that of an earlier one. */
    void asked(Verb verb) {
        safely(() -> begin(verb));
    }

    private synchronized Current begin(Verb verb) {
        long now = boot.monotonic().getAsLong();
        Recording recording = new Recording(boot.id(), verb.word(), now / NANOS, now);
        Current begun = new Current(verb, boot.now().getAsDouble(), now / NANOS, recording);
        current = Optional.of(begun);
        return begun;
    }

    private synchronized Current current(Verb verb) {
        return current.orElseGet(() -> begin(verb));
    }

    private synchronized Optional<Current> known() {
        return current;
    }

    private synchronized void forget() {
        current = Optional.empty();
    }

    /** Records a moment of the shutdown. Begins its record if there is none. */
    void mark(Verb verb, Mark mark) {
        safely(() -> current(verb).recording().mark(mark, boot.monotonic().getAsLong()));
    }

    /**
     * Records the beginning of a run.
     *
     * @return the listener to the events of the run, called on the run's thread
     */
    Consumer<Event> begins(Verb verb, PreparedPlan plan) {
        try {
            Consumer<Event> noted =
                    current(verb).recording().ofRun(boot.monotonic().getAsLong(), plan.plan()::handles);
            return event -> safely(() -> noted.accept(event));
        } catch (RuntimeException | Error e) {
            return event -> {};
        }
    }

    /** Discards the record: the shutdown was cancelled. */
    void cancelled() {
        safely(() -> {
            forget();
            remove(FILE);
        });
    }

    /** Writes the results so far to the kernel's log. */
    void carry(Logging.ShutdownLog log) {
        safely(() -> {
            known().map(Current::recording).ifPresent(recording -> {
                recording.mark(Mark.END, boot.monotonic().getAsLong());
                recording.lines().forEach(log::carry);
            });
        });
    }

    /** Writes the file. Best effort. May block on the file system. */
    void write() {
        safely(() -> {
            Optional<Current> known = known();
            if (known.isPresent() && directory.isPresent()) {
                write(directory.get(), known.get());
            }
        });
    }

    private void write(Path runtime, Current known) {
        try {
            AtomicFile.write(runtime.resolve(FILE), record(known, source.get()).json());
        } catch (IOException e) {
            // The lines in the kernel's log still record the shutdown.
            return;
        }
    }

    private void remove(String name) {
        try {
            if (directory.isPresent()) {
                Files.deleteIfExists(directory.get().resolve(name));
            }
        } catch (IOException e) {
            // The next boot ignores the file: it belongs to a boot without such a shutdown, or it is incomplete.
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

    private static void safely(Runnable note) {
        try {
            note.run();
        } catch (RuntimeException | Error e) {
            // The caller is a run or serves the hook, which must continue.
            return;
        }
    }
}
