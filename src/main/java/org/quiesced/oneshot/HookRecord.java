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
 * Records what the one-shot command does, in the same lines of the kernel's log as the daemon. Before the run has ended
 * it keeps its events, and nothing else: the first drive is not to wait for it. No method throws: a defect in here
 * costs the record and not the shutdown. For one run, on its thread.
 */
final class HookRecord implements OneShot.Listener {
    /** What the daemon has written when the shutdown began, if it was alive then. */
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
     * Makes it.
     *
     * @param directory the runtime directory, where the daemon may have left what is planned
     * @param boot returns the present boot, as {@code /proc/sys/kernel/random/boot_id} has it
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
            // The run must go on.
            plan = Optional.empty();
        }
    }

    @Override
    public void ended() {
        try {
            plan.ifPresent(executed -> lines(executed).forEach(LogMessages::carry));
        } catch (RuntimeException | Error e) {
            // What goes wrong here is to reach nobody: the hook waits for an answer.
            return;
        }
    }

    /** Returns the lines. */
    List<String> lines(Plan executed) {
        Recording recording = recording();
        recording.mark(Mark.LATE, begun);
        events.forEach(recording.ofRun(begun, executed::handles)::accept);
        recording.mark(Mark.END, monotonic.getAsLong());
        return recording.lines();
    }

    /** The shutdown is the one that the daemon has begun to record, if it has; else it begins with this run. */
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
