// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.quiesced.invariants.CheckedRuns;
import org.quiesced.invariants.EventRules;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.run.Event;
import org.quiesced.run.Run;
import org.quiesced.run.RunOptions;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;
import org.quiesced.work.WorkerSource;

/**
 * A run on a stage, and what the kernel recorded of it: each call, and each event at its position among the calls.
 * Times are in nanoseconds since the run began.
 *
 * @param secondPlace the position of the notification of the course; {@link Integer#MAX_VALUE} without one
 * @param secondTime its time; {@link Long#MAX_VALUE} without one
 * @param returned the position at which the run returned
 * @param deadline the latest permitted time of the return
 * @param took the time of the return
 * @param complaints the rules that {@link RunChecker} finds broken
 */
record Trial(
        Scenario scenario,
        Stage stage,
        FaultyKernel kernel,
        List<Told> told,
        Timeline timeline,
        int secondPlace,
        long secondTime,
        int returned,
        long deadline,
        long took,
        boolean expeditedAfterwards,
        Optional<Throwable> failure,
        List<String> complaints) {
    /** Deadline of a run in a trial. */
    static final Duration DEADLINE = Duration.ofSeconds(80);

    /** Maximum time for which a run waits at its end for the restoration of grace periods. */
    static final Duration TIDYING = Duration.ofSeconds(1);

    /**
     * Maximum time of a run after its cancellation: that of the devices in flight, and a minute for the drivers to be
     * bound again.
     */
    private static final Duration LONGEST_RETREAT = Duration.ofSeconds(300);

    /** An event, its position, and its time. */
    record Told(Event event, int place, long time) {
        EventRules.Told withoutPlace() {
            return new EventRules.Told(event, time);
        }
    }

    /** Replaces the kernel that a run sees, to plant bugs. The trial's own kernel still records the calls. */
    @FunctionalInterface
    interface Disguise {
        Kernel of(Kernel kernel, Lockstep time);

        /** Returns the workers that replace those of a run. */
        default WorkerSource of(WorkerSource workers) {
            return workers;
        }
    }

    static Trial of(Scenario scenario, Stage stage, Lockstep.Threads threads) {
        return of(scenario, stage, threads, DEADLINE, (kernel, time) -> kernel);
    }

    static Trial of(Scenario scenario, Stage stage, Lockstep.Threads threads, Duration deadline, Disguise disguise) {
        Lockstep time = new Lockstep(threads, scenario.seed());
        long begin = time.now();
        FaultyKernel kernel = new FaultyKernel(time.kernel(stage.machine()), stage, time, scenario.injections());
        List<Told> told = new ArrayList<>();
        int[] secondPlace = {Integer.MAX_VALUE};
        long[] secondTime = {Long.MAX_VALUE};
        long[] latest = {deadline.toNanos()};
        Kernel seen = disguise.of(kernel, time);
        WorkerSource workers = disguise.of(kernel.workers());
        Consumer<Event> listener = event -> told.add(new Told(event, kernel.place(), time.now() - begin));
        Course course = scenario.course();
        Run run =
                new Run(stage.prepared(), scenario.verb(), seen, workers, beginning(course, stage, deadline), listener);
        if (course.kind() == Course.Kind.NETWORK) {
            time.begin(() -> {
                time.spend(TimeUnit.MILLISECONDS.toNanos(course.millis() / 2));
                run.unmounted();
            });
        }
        Runnable second = second(course, scenario.verb(), run, kernel, deadline);
        if (course.kind() != Course.Kind.LATE) {
            time.begin(() -> {
                time.spend(TimeUnit.MILLISECONDS.toNanos(course.millis()));
                latest[0] = switch (course.kind()) {
                    case LATE, NETWORK, EARLY, EXITRD -> time.now() - begin + deadline.toNanos();
                    case CANCEL -> time.now() - begin + LONGEST_RETREAT.toNanos();
                    case ABANDON -> Math.min(latest[0], time.now() - begin);
                };
                secondPlace[0] = kernel.place();
                secondTime[0] = time.now() - begin;
                second.run();
            });
        }
        Timeline timeline = run.execute();
        int returned = kernel.place();
        long took = time.now() - begin;
        // Hung calls continue after the run, and must not break a rule either.
        time.awaitAllOthers();
        Trial trial = new Trial(
                scenario,
                stage,
                kernel,
                told,
                timeline,
                secondPlace[0],
                secondTime[0],
                returned,
                latest[0] + TIDYING.toNanos(),
                took,
                kernel.simulated().hasExpeditedGracePeriods(),
                time.failure(),
                new ArrayList<>());
        trial.check();
        return trial;
    }

    /** Checks the trial. A broken rule fails the test that made it. */
    private void check() {
        complaints.addAll(RunChecker.complaints(this));
        CheckedRuns.add(complaints, this::tale);
    }

    /** Returns the option that replays the trial, and its story. */
    private List<String> tale() {
        List<String> tale = new ArrayList<>(List.of("-Dquiesced.replay=" + scenario));
        tale.addAll(story());
        return tale;
    }

    /** Returns whether the verb at a position stops disks. */
    boolean stopsDisksAt(int place) {
        return (place < secondPlace
                        ? scenario.verb()
                        : scenario.course().lateVerb().orElse(scenario.verb()))
                .stopsDisks();
    }

    /** Returns the same trial with other events, checked. */
    Trial withEvents(List<Told> others) {
        List<Event> events = others.stream().map(Told::event).toList();
        Trial trial = new Trial(
                scenario,
                stage,
                kernel,
                others,
                new Timeline(timeline.verb(), events, timeline.took()),
                secondPlace,
                secondTime,
                returned,
                deadline,
                took,
                expeditedAfterwards,
                failure,
                new ArrayList<>());
        trial.check();
        return trial;
    }

    /** Returns a line for each beginning and end of a call and for each event, in their order. */
    List<String> story() {
        TreeMap<Integer, String> lines = new TreeMap<>();
        for (Call call : kernel.calls()) {
            lines.put(call.begun, "begin " + call + (call.task == null ? "" : ", by the task of " + call.task));
            if (call.ended < Integer.MAX_VALUE) {
                lines.put(call.ended, "end   " + call);
            }
        }
        told.forEach(one -> lines.put(one.place(), "event " + describe(one.event())));
        lines.put(secondPlace, "said  " + scenario.course());
        lines.put(returned, "the run has returned at " + took / 1_000_000 + " ms");
        return List.copyOf(lines.values());
    }

    private static String describe(Event event) {
        String name = event.getClass().getSimpleName() + " " + event.device() + " at " + event.at() / 1_000_000 + " ms";
        if (event instanceof Event.LeftToKernel left) {
            return name + ": " + left.reason().describe();
        }
        if (event instanceof Event.Deferred deferred) {
            return name + ": " + deferred.reason().describe();
        }
        return event instanceof Event.Done done ? name + ": " + done.ending().describe() : name;
    }

    /** Returns the phase at a position. */
    Phase phaseAt(int place) {
        Course course = scenario.course();
        return course.hasEarlyPhase() && (course.kind() == Course.Kind.CANCEL || place < secondPlace)
                ? Phase.EARLY
                : Phase.LATE;
    }

    private static RunOptions beginning(Course course, Stage stage, Duration deadline) {
        return switch (course.kind()) {
            case NETWORK -> RunOptions.network(stage::earlyObstacle);
            case EARLY, CANCEL -> RunOptions.early(stage::earlyObstacle);
            case EXITRD -> RunOptions.late(deadline, true);
            case LATE, ABANDON -> RunOptions.late(deadline, false);
        };
    }

    private static Runnable second(Course course, Verb verb, Run run, FaultyKernel kernel, Duration deadline) {
        return switch (course.kind()) {
            case LATE -> () -> {};
            case NETWORK, EARLY, EXITRD ->
                () -> {
                    kernel.disks().letGoOfHalf();
                    run.late(course.lateVerb().orElse(verb), deadline, false);
                };
            case CANCEL -> run::cancel;
            case ABANDON -> run::abandon;
        };
    }
}
