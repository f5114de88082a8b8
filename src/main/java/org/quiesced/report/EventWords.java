// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.TimeSpan;
import org.quiesced.method.Ending;
import org.quiesced.method.Unready;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Reason;
import org.quiesced.run.Event;
import org.quiesced.run.Timeline;

/** A run in sentences, one for each event that somebody should hear of. For one run, on one thread. */
public final class EventWords {
    private final Plan plan;
    private final Weight least;
    private final Map<Device, Long> starts = new HashMap<>();
    private Optional<Tally> tally = Optional.empty();

    /**
     * Makes the words for a run of a plan. That takes no time: a run must not wait for its words.
     *
     * @param least what is lighter gets no sentence
     */
    public EventWords(Plan plan, Weight least) {
        this.plan = plan;
        this.least = least;
    }

    /** How much an administrator should care, the least first. */
    public enum Weight {
        /** For whoever looks for it. */
        DEBUG,
        /** The normal course of things. */
        INFO,
        /** Something went wrong. */
        WARNING
    }

    /** A sentence and its weight. */
    public record Sentence(Weight weight, String text) {}

    /** Returns the sentence with which a run begins. */
    public Sentence beginning(String verb) {
        return new Sentence(
                Weight.INFO,
                verb + ": "
                        + tally().lanes(plan)
                                .map(lanes -> "shutting down " + lanes)
                                .orElse("nothing to shut down"));
    }

    /** Returns the sentence for an event, if it ends a device's story and has the weight. Must be asked about each event. */
    public Optional<Sentence> of(Event event) {
        if (event instanceof Event.Started started) {
            starts.put(started.device(), started.at());
        }
        if (event instanceof Event.Done done) {
            return Optional.of(done(done));
        }
        if (event instanceof Event.Restored) {
            return Optional.of(new Sentence(Weight.INFO, name(event) + " has its driver again"));
        }
        if (event instanceof Event.NotRestored notRestored) {
            return Optional.of(new Sentence(Weight.WARNING, name(event) + " has no driver: " + notRestored.detail()));
        }
        if (event instanceof Event.Deferred deferred) {
            return Optional.of(new Sentence(
                    Weight.INFO,
                    name(event) + " waits for the late phase: "
                            + deferred.reason().words()));
        }
        if (event instanceof Event.LeftToKernel left && weight(left.reason()).compareTo(least) >= 0) {
            return Optional.of(new Sentence(
                    weight(left.reason()),
                    name(event) + " left to the kernel: " + left.reason().words()));
        }
        return Optional.empty();
    }

    private Sentence done(Event.Done done) {
        String took = TimeSpan.format(Duration.ofNanos(done.at() - starts.getOrDefault(done.device(), 0L)));
        return done.ending() instanceof Ending.Down
                ? new Sentence(Weight.INFO, name(done) + " is down after " + took)
                : new Sentence(
                        Weight.WARNING, name(done) + " is " + done.ending().words() + " (after " + took + ")");
    }

    /** Returns the sentence with which a run ends, for example {@code end: 12 drives down, in 3.20 s}. */
    public Sentence end(Timeline timeline) {
        return new Sentence(Weight.INFO, "end: " + tally().of(timeline) + ", in " + TimeSpan.format(timeline.took()));
    }

    private Tally tally() {
        Tally known = tally.orElseGet(() -> new Tally(plan.tree()));
        tally = Optional.of(known);
        return known;
    }

    private String name(Event event) {
        return event.device().driver().orElse(event.device().subsystem()) + " "
                + tally().labels().of(event.device());
    }

    /** That we have no method for a bridge is no news. */
    private static Weight weight(Reason reason) {
        if (reason instanceof Reason.NoMethod || reason instanceof Reason.Off) {
            return Weight.DEBUG;
        }
        return reason instanceof Reason.Failed
                        || reason instanceof Reason.NotReady notReady && notReady.why() instanceof Unready.NotWorking
                        || reason instanceof Reason.TimedOut
                        || reason instanceof Reason.DeadlineReached
                        || reason instanceof Reason.HookEnded
                        || reason instanceof Reason.Circular
                ? Weight.WARNING
                : Weight.INFO;
    }
}
