// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.quiesced.device.Device;
import org.quiesced.kernel.User;
import org.quiesced.method.Ending;
import org.quiesced.plan.Reason;
import org.quiesced.report.DispositionType;
import org.quiesced.report.Outcome;
import org.quiesced.report.ReasonJson;
import org.quiesced.report.ReasonType;
import org.quiesced.run.Event;

/**
 * Records the course of a shutdown in memory. A run's thread only stores each event in a field; text is made after the
 * run. Thread-safe.
 */
public final class Recording {
    private static final double NANOS = 1e9;

    private final CarriedLine.Shutdown shutdown;
    private final long asked;
    private final Map<Mark, Double> marks = new EnumMap<>(Mark.class);
    private final Map<String, Course> courses = new LinkedHashMap<>();
    private Mark phase = Mark.ASKED;
    private int edition;

    /** The progress of one device; times are in seconds since the shutdown request. */
    private static final class Course {
        private Optional<Mark> phase = Optional.empty();
        private Optional<Reason> deferred = Optional.empty();
        private Optional<Event.Place> place = Optional.empty();
        private Optional<Double> start = Optional.empty();
        private Optional<Double> flushed = Optional.empty();
        private Optional<Double> removal = Optional.empty();
        private Optional<Double> stop = Optional.empty();
        private Optional<Double> end = Optional.empty();
        private Optional<Reason> left = Optional.empty();
        private Optional<Ending> ending = Optional.empty();
    }

    /**
     * Begins the recording.
     *
     * @param boot the id of the present boot
     * @param verb poweroff, reboot, halt or kexec
     * @param uptime the time of the shutdown request, in seconds since the kernel started
     * @param asked the same time, in nanoseconds of the clock that all other methods use
     */
    public Recording(String boot, String verb, double uptime, long asked) {
        this.shutdown = new CarriedLine.Shutdown(boot, verb, uptime);
        this.asked = asked;
        marks.put(Mark.ASKED, 0.0);
    }

    /**
     * Begins the recording of the one-shot command, which replaces a daemon that may have recorded a part of the
     * shutdown before it died. The parameters are those of the constructor.
     */
    public static Recording ofOneShot(String boot, String verb, double uptime, long asked) {
        Recording recording = new Recording(boot, verb, uptime, asked);
        recording.edition = CarriedLine.EDITIONS_OF_DAEMON;
        return recording;
    }

    /**
     * Records a mark. Only the first time of a mark counts, except for the end, for which the last one does.
     *
     * @param nanos the time, in nanoseconds of the recording's clock
     */
    public synchronized void mark(Mark mark, long nanos) {
        if (mark == Mark.END) {
            marks.put(mark, since(nanos));
        } else if (marks.putIfAbsent(mark, since(nanos)) == null) {
            phase = mark;
        }
    }

    private double since(long nanos) {
        return (nanos - asked) / NANOS;
    }

    /**
     * Returns a listener for the events of a run, which any thread may call.
     *
     * @param nanos the begin of the run, to which the times of its events are relative, in nanoseconds of the
     *     recording's clock
     * @param handled selects the devices whose events are noted: those that the run shuts down
     */
    public Consumer<Event> ofRun(long nanos, Predicate<Device> handled) {
        return event -> {
            if (handled.test(event.device())) {
                happened(event, nanos + event.at());
            }
        };
    }

    private synchronized void happened(Event event, long nanos) {
        Course course = courses.computeIfAbsent(event.device().name(), name -> new Course());
        if (course.ending.isPresent() && !mayFollowTheEnd(event)) {
            // An earlier run shut the device down.
            return;
        }
        Optional<Double> at = Optional.of(since(nanos));
        if (event instanceof Event.Started started) {
            course.phase = Optional.of(phase);
            course.place = Optional.of(started.place());
            course.start = at;
            // A new attempt discards the result of an earlier one.
            course.flushed = Optional.empty();
            course.removal = Optional.empty();
            course.stop = Optional.empty();
            course.end = Optional.empty();
            course.left = Optional.empty();
        } else if (event instanceof Event.Flushed) {
            course.flushed = at;
        } else if (event instanceof Event.Unbinding) {
            course.removal = at;
        } else if (event instanceof Event.Stopping) {
            course.stop = at;
        } else if (event instanceof Event.Deferred deferred) {
            course.deferred = Optional.of(deferred.reason());
        } else if (event instanceof Event.Done done) {
            course.end = at;
            course.ending = Optional.of(done.ending());
        } else if (event instanceof Event.Finished finished) {
            course.end = at;
            course.ending = Optional.of(finished.ending());
        } else if (event instanceof Event.LeftToKernel left) {
            course.end = at;
            course.left = Optional.of(left.reason());
        } else if (event instanceof Event.Restored restored) {
            courses.remove(restored.device().name());
        }
    }

    /** Returns whether an event may follow the end of a device: of a stop for another verb, or of a cancellation. */
    private static boolean mayFollowTheEnd(Event event) {
        return event instanceof Event.Stopping || event instanceof Event.Finished || event instanceof Event.Restored;
    }

    /** Returns the marks, in seconds since the shutdown request. */
    synchronized Map<Mark, Double> marks() {
        return new EnumMap<>(marks);
    }

    /** Returns the progress of the devices, in the order of their first events. */
    synchronized List<Progressed> progress() {
        List<Progressed> all = new ArrayList<>();
        courses.forEach((name, course) -> all.add(progressed(name, course)));
        return all;
    }

    private static Progressed progressed(String name, Course course) {
        Optional<ReasonJson> reason = course.left.map(ReasonJson::of).or(() -> course.ending.flatMap(ReasonJson::of));
        return new Progressed(
                name,
                course.phase.map(Mark::word),
                course.deferred.map(Recording::typeOf),
                course.place.map(Recording::lane),
                course.start,
                course.flushed,
                course.removal,
                course.stop,
                course.end,
                outcome(course),
                reason.map(why -> why.type().word()),
                reason.map(ReasonJson::describe));
    }

    private static String typeOf(Reason deferred) {
        boolean isUnknown = deferred instanceof Reason.InUse use && use.user() instanceof User.Undetermined;
        return (isUnknown ? ReasonType.USE_UNKNOWN : ReasonJson.of(deferred).type()).word();
    }

    private static String lane(Event.Place place) {
        return (place == Event.Place.WORKER ? DispositionType.PARALLEL : DispositionType.SERIAL).word();
    }

    private static Outcome outcome(Course course) {
        if (course.left.isPresent()) {
            return Outcome.KERNEL;
        }
        Outcome begun = course.start.isPresent() ? Outcome.IN_FLIGHT : Outcome.UNKNOWN;
        return course.ending.map(Outcome::of).orElse(begun);
    }

    /** Returns the lines for the kernel's log, as a new edition: see {@link CarriedLine}. */
    public List<String> lines() {
        Map<Mark, Double> moments;
        List<Progressed> devices;
        int number;
        synchronized (this) {
            edition++;
            number = edition;
            moments = marks();
            devices = progress();
        }
        // Outside the lock, so that the run does not wait for the formatting.
        return CarriedLine.of(shutdown, number, moments, devices);
    }

    /** Returns a planned record completed with the marks and the progress. */
    public ShutdownRecord completing(ShutdownRecord planned) {
        return planned.with(marks(), progress(), Optional.empty());
    }
}
