// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.quiesced.config.TimeSpan;
import org.quiesced.device.Device;
import org.quiesced.estimate.UnknownTimes;
import org.quiesced.method.Unready;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Reason;
import org.quiesced.run.Event;
import org.quiesced.run.Timeline;

/** Formats the events of a run as messages for administrators. An instance is for one run and one thread. */
public final class EventMessages {
    private final Plan plan;
    private final Severity least;
    private final UnknownTimes unknown;
    private final Map<Device, Long> starts = new HashMap<>();
    private Optional<DeviceCounts> counts = Optional.empty();

    /**
     * Creates the messages for a run of a plan. Computes nothing in advance, because the run must not wait for it.
     *
     * @param least the lowest severity at which a device that is left to the kernel gets a message
     */
    public EventMessages(Plan plan, Severity least) {
        this(plan, least, UnknownTimes.NONE);
    }

    /**
     * Creates the messages for a simulated run; the other parameters are those of the other constructor.
     *
     * @param unknown the devices whose times are unknown, which get no time in a message
     */
    public EventMessages(Plan plan, Severity least, UnknownTimes unknown) {
        this.plan = plan;
        this.least = least;
        this.unknown = unknown;
    }

    /** The severity of a message, in ascending order. */
    public enum Severity {
        /** Details for debugging. */
        DEBUG,
        /** Normal operation. */
        INFO,
        /** Something went wrong. */
        WARNING
    }

    /** A message and its severity. */
    public record Message(Severity severity, String text) {}

    /** Returns the first message of a run. */
    public Message beginning(String verb) {
        return new Message(
                Severity.INFO,
                verb + ": "
                        + counts().lanes(plan)
                                .map(lanes -> "shutting down " + lanes)
                                .orElse("nothing to shut down"));
    }

    /**
     * Returns the message for an event; empty if events of its kind have none, or if its severity is too low. Must be
     * called for each event of the run.
     */
    public Optional<Message> of(Event event) {
        if (event instanceof Event.Started started) {
            starts.put(started.device(), started.at());
        }
        if (event instanceof Event.Done done) {
            return Optional.of(done(done));
        }
        if (event instanceof Event.Finished finished) {
            return finished.ending()
                    .shortcoming()
                    .map(words -> new Message(Severity.WARNING, name(event) + " is " + words));
        }
        if (event instanceof Event.Restored) {
            String words = event.device().isHolder() ? " may be assembled again" : " has its driver again";
            return Optional.of(new Message(Severity.INFO, name(event) + words));
        }
        if (event instanceof Event.NotRestored notRestored) {
            String words = event.device().isHolder() ? " is not assembled again: " : " has no driver: ";
            return Optional.of(new Message(Severity.WARNING, name(event) + words + notRestored.detail()));
        }
        if (event instanceof Event.Deferred deferred) {
            return Optional.of(new Message(
                    Severity.INFO,
                    name(event) + " waits for " + describe(deferred.awaited()) + ": "
                            + deferred.reason().describe()));
        }
        if (event instanceof Event.LeftToKernel left && severity(left.reason()).compareTo(least) >= 0) {
            return Optional.of(new Message(
                    severity(left.reason()),
                    name(event) + " left to the kernel: " + left.reason().describe()));
        }
        return Optional.empty();
    }

    private static String describe(Event.Awaited awaited) {
        return switch (awaited) {
            case UNMOUNTING -> "the local file systems to be unmounted";
            case LATE_PHASE -> "the late phase";
            case EXITRD -> "the exitrd";
        };
    }

    private Message done(Event.Done done) {
        Optional<String> took = unknown.contains(done.device())
                ? Optional.empty()
                : Optional.of("after "
                        + TimeSpan.format(Duration.ofNanos(done.at() - starts.getOrDefault(done.device(), 0L))));
        return done.ending()
                .shortcoming()
                .map(words -> new Message(
                        Severity.WARNING,
                        name(done) + " is " + words
                                + took.map(time -> " (" + time + ")").orElse("")))
                .orElseGet(() -> new Message(
                        Severity.INFO,
                        name(done) + " is down" + took.map(time -> " " + time).orElse(", its time is unknown")));
    }

    /** Returns the last message of a run, for example {@code end: 12 drives down, in 3.20 s}. */
    public Message end(Timeline timeline) {
        return new Message(Severity.INFO, "end: " + counts().of(timeline) + ", in " + TimeSpan.format(timeline.took()));
    }

    /** Returns the number of drives by outcome in a run. */
    public OutcomeCounts drives(Timeline timeline) {
        return counts().drives(timeline);
    }

    private DeviceCounts counts() {
        DeviceCounts known = counts.orElseGet(() -> new DeviceCounts(plan));
        counts = Optional.of(known);
        return known;
    }

    private String name(Event event) {
        return event.device().driver().orElse(event.device().subsystem()) + " "
                + counts().labels().of(event.device());
    }

    /**
     * Returns the severity for a device that is left to the kernel; a device without a method, such as a bridge, is
     * normal.
     */
    private static Severity severity(Reason reason) {
        if (!reason.isNews()) {
            return Severity.DEBUG;
        }
        return reason instanceof Reason.Failed
                        || reason instanceof Reason.NotReady notReady && notReady.why() instanceof Unready.NotWorking
                        || reason instanceof Reason.TimedOut
                        || reason instanceof Reason.DeadlineReached
                        || reason instanceof Reason.HookEnded
                        || reason instanceof Reason.Circular
                ? Severity.WARNING
                : Severity.INFO;
    }
}
