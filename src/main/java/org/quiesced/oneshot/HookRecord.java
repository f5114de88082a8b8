// SPDX-License-Identifier: Apache-2.0
package org.quiesced.oneshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quiesced.history.Mark;
import org.quiesced.history.Recording;
import org.quiesced.log.LogMessages;
import org.quiesced.plan.Plan;
import org.quiesced.run.Event;
import org.quiesced.shutdown.Verb;

/**
 * Records a run of the one-shot command, in the lines of the kernel's log that the daemon writes too. Until the run has
 * ended it only stores the events, so that no drive waits for it. No method throws: a defect in this class costs the
 * record but not the shutdown. For one run, on its thread.
 */
final class HookRecord implements OneShot.Listener {
    /** The file that a daemon has written when the shutdown began. */
    private static final String FILE = "record.json";

    private static final double NANOS = 1e9;

    private final Path directory;
    private final Verb verb;
    private final Supplier<String> boot;
    private final LongSupplier monotonic;
    private final List<Event> events = new ArrayList<>();
    private Optional<Plan> plan = Optional.empty();
    private long begun;

    /**
     * Creates a recorder.
     *
     * @param directory the runtime directory, which may contain the daemon's record of the plan
     * @param boot returns the id of the present boot, from {@code /proc/sys/kernel/random/boot_id}
     * @param monotonic returns the time of the monotonic clock, in nanoseconds since the kernel started
     */
    HookRecord(Path directory, Verb verb, Supplier<String> boot, LongSupplier monotonic) {
        this.directory = directory;
        this.verb = verb;
        this.boot = boot;
        this.monotonic = monotonic;
    }

    @Override
    public void begins(Plan begins) {
        try {
            begun = monotonic.getAsLong();
            plan = Optional.of(begins);
        } catch (RuntimeException | Error e) {
            // Without a plan nothing is recorded.
            return;
        }
    }

    @Override
    public void happened(Event event) {
        try {
            events.add(event);
        } catch (RuntimeException | Error e) {
            // The run continues without a record.
            plan = Optional.empty();
        }
    }

    @Override
    public void ended() {
        try {
            plan.ifPresent(executed -> lines(executed).forEach(LogMessages::carry));
        } catch (RuntimeException | Error e) {
            // Ignore failures: the hook waits for an answer.
            return;
        }
    }

    /** Returns the lines of the record, and ends it. */
    List<String> lines(Plan executed) {
        Recording recording = recording();
        recording.mark(Mark.LATE, begun);
        events.forEach(recording.ofRun(begun, executed::handles)::accept);
        recording.mark(Mark.END, monotonic.getAsLong());
        return recording.lines();
    }

    /**
     * Returns a recording of the shutdown that the daemon has begun to record, or else of one that begins with this
     * run.
     */
    private Recording recording() {
        String present = boot.get();
        Optional<Matcher> planned = planned().filter(found -> found.group(1).equals(present));
        double asked = planned.map(found -> Double.parseDouble(found.group(3))).orElse(begun / NANOS);
        return Recording.ofOneShot(
                present, planned.map(found -> found.group(2)).orElse(verb.word()), asked, Math.round(asked * NANOS));
    }

    private Optional<Matcher> planned() {
        try {
            // Compiled here: before the run it would delay the first drive.
            Pattern fields = Pattern.compile(
                    "\"boot\":\"([^\"\\\\]*)\"[^{}]*\"verb\":\"([a-z]+)\"[^{}]*\"uptime\":(\\d[\\d.E]{0,30}),");
            return Optional.of(fields.matcher(Files.readString(directory.resolve(FILE))))
                    .filter(Matcher::find);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
