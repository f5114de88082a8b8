// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.quiesced.device.Device;
import org.quiesced.method.Ending;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Reason;
import org.quiesced.run.Event;
import org.quiesced.shutdown.Phase;

/**
 * The cells of the table disposition × reason × phase × outcome that trials have visited, and those that cannot be
 * visited, with the reasons.
 */
final class Coverage {
    /** The plan for a device. */
    enum Planned {
        PARALLEL,
        SERIAL,
        LEFT
    }

    /**
     * The reason for the outcome of a device: a reason of the planner or of the run, or the way in which its shutdown
     * ended.
     */
    enum Why {
        OFF,
        NO_METHOD,
        NOT_ASKED,
        OPTED_OUT,
        IN_USE,
        NOT_READY,
        UNKNOWABLE,
        OTHER_PHASE,
        NOT_RELEASED,
        CANCELLED,
        HOOK_ENDED_BEFORE_IT_BEGAN,
        HOOK_ENDED_IN_FLIGHT,
        HELD_BACK,
        CIRCULAR,
        FAILED,
        TIMED_OUT_BEFORE_IT_BEGAN,
        TIMED_OUT_IN_FLIGHT,
        DEADLINE_BEFORE_IT_BEGAN,
        DEADLINE_IN_FLIGHT,
        NETWORK_GONE_BEFORE_IT_BEGAN,
        NETWORK_GONE_IN_FLIGHT,
        DOWN,
        NOT_STOPPED,
        UNCONFIRMED
    }

    /** The outcome of a device. */
    enum Outcome {
        DONE,
        FINISHED,
        DEFERRED,
        LEFT_TO_KERNEL
    }

    /** A cell of the table. */
    record Cell(Planned planned, Why why, Phase phase, Outcome outcome) {}

    private static final Set<Why> ENDINGS = Set.of(Why.DOWN, Why.NOT_STOPPED, Why.UNCONFIRMED);

    /** Reasons that only the plan gives. */
    private static final Set<Why> OF_PLAN =
            Set.of(Why.OFF, Why.NO_METHOD, Why.NOT_ASKED, Why.OPTED_OUT, Why.UNKNOWABLE, Why.CIRCULAR);

    /** Reasons that both the plan and the run give. */
    private static final Set<Why> OF_BOTH = Set.of(Why.IN_USE, Why.NOT_READY, Why.HELD_BACK);

    private static final Set<Why> PASSING =
            Set.of(Why.IN_USE, Why.NOT_READY, Why.OTHER_PHASE, Why.NOT_RELEASED, Why.HELD_BACK);

    /** The cells that cannot be visited, by the rule that excludes them. */
    private static final Map<String, Predicate<Cell>> UNREACHABLE = rules();

    private final Map<Cell, Integer> visits = new HashMap<>();

    private static Map<String, Predicate<Cell>> rules() {
        Map<String, Predicate<Cell>> rules = new LinkedHashMap<>();
        rules.put(
                "what the plan leaves to the kernel is never started",
                c -> c.planned() == Planned.LEFT && c.outcome() != Outcome.LEFT_TO_KERNEL);
        rules.put(
                "an ending is that of a device that is down",
                c -> ENDINGS.contains(c.why()) != (c.outcome() == Outcome.DONE || c.outcome() == Outcome.FINISHED));
        rules.put(
                "what the plan leaves to the kernel is told of with the plan's reason",
                c -> c.planned() == Planned.LEFT && !OF_PLAN.contains(c.why()) && !OF_BOTH.contains(c.why()));
        rules.put(
                "what the plan hands to a lane is never left for a reason of the plan's",
                c -> c.planned() != Planned.LEFT && OF_PLAN.contains(c.why()));
        rules.put(
                "only what may be otherwise in the late phase is deferred",
                c -> c.outcome() == Outcome.DEFERRED && !PASSING.contains(c.why()));
        rules.put(
                "only what may be otherwise in the exitrd is deferred in the late phase",
                c -> c.outcome() == Outcome.DEFERRED
                        && c.phase() == Phase.LATE
                        && (c.why() == Why.OTHER_PHASE || c.why() == Why.NOT_RELEASED));
        rules.put(
                "what may be otherwise in the late phase is deferred, not left, in the early one",
                c -> c.planned() != Planned.LEFT
                        && c.outcome() == Outcome.LEFT_TO_KERNEL
                        && c.phase() == Phase.EARLY
                        && PASSING.contains(c.why())
                        && c.why() != Why.HELD_BACK);
        rules.put(
                "only the early phase asks whether a drive was released",
                c -> c.why() == Why.NOT_RELEASED && c.phase() == Phase.LATE);
        rules.put("only an early phase is cancelled", c -> c.why() == Why.CANCELLED && c.phase() == Phase.LATE);
        rules.put(
                "only the late phase has a hook",
                c -> (c.why() == Why.HOOK_ENDED_BEFORE_IT_BEGAN || c.why() == Why.HOOK_ENDED_IN_FLIGHT)
                        && c.phase() == Phase.EARLY);
        rules.put(
                "an early phase has no deadline that would come before the late one",
                c -> (c.why() == Why.DEADLINE_BEFORE_IT_BEGAN || c.why() == Why.DEADLINE_IN_FLIGHT)
                        && c.phase() == Phase.EARLY);
        rules.put(
                "only the late phase comes after the network",
                c -> (c.why() == Why.NETWORK_GONE_BEFORE_IT_BEGAN || c.why() == Why.NETWORK_GONE_IN_FLIGHT)
                        && c.phase() == Phase.EARLY);
        rules.put(
                "only the late phase's verb can ask for one step more",
                c -> c.outcome() == Outcome.FINISHED && c.phase() == Phase.EARLY);
        rules.put(
                "the step that is done later is a stop, for which no driver is awaited",
                c -> c.outcome() == Outcome.FINISHED && c.why() == Why.UNCONFIRMED);
        return rules;
    }

    /** Counts the cells that a trial has visited. Any thread may call it. */
    synchronized void witness(Trial trial) {
        Map<Device, Planned> planned = new HashMap<>();
        for (Trial.Told told : trial.told()) {
            Event event = told.event();
            if (event instanceof Event.Planned plan) {
                planned.put(event.device(), planned(plan.disposition()));
            }
            // The coordinator may still defer a device shortly after the late phase was announced.
            Phase phase =
                    event instanceof Event.Deferred && trial.scenario().course().hasEarlyPhase()
                            ? Phase.EARLY
                            : trial.phaseAt(told.place());
            outcome(event)
                    .ifPresent(outcome -> visits.merge(
                            new Cell(planned.get(event.device()), why(event), phase, outcome), 1, Integer::sum));
        }
    }

    private static Planned planned(Disposition disposition) {
        if (disposition instanceof Disposition.Handled handled) {
            return handled.lane() == Disposition.Lane.SERIAL ? Planned.SERIAL : Planned.PARALLEL;
        }
        return Planned.LEFT;
    }

    private static Optional<Outcome> outcome(Event event) {
        if (event instanceof Event.Done) {
            return Optional.of(Outcome.DONE);
        }
        if (event instanceof Event.Finished) {
            return Optional.of(Outcome.FINISHED);
        }
        if (event instanceof Event.Deferred) {
            return Optional.of(Outcome.DEFERRED);
        }
        return event instanceof Event.LeftToKernel ? Optional.of(Outcome.LEFT_TO_KERNEL) : Optional.empty();
    }

    private static Why why(Event event) {
        if (event instanceof Event.Done done) {
            return why(done.ending());
        }
        if (event instanceof Event.Finished finished) {
            return why(finished.ending());
        }
        return why(
                event instanceof Event.Deferred deferred ? deferred.reason() : ((Event.LeftToKernel) event).reason());
    }

    private static Why why(Ending ending) {
        if (ending instanceof Ending.Down) {
            return Why.DOWN;
        }
        return ending instanceof Ending.NotStopped ? Why.NOT_STOPPED : Why.UNCONFIRMED;
    }

    private static Why why(Reason reason) {
        if (reason instanceof Reason.TimedOut timedOut) {
            return timedOut.inFlight() ? Why.TIMED_OUT_IN_FLIGHT : Why.TIMED_OUT_BEFORE_IT_BEGAN;
        }
        if (reason instanceof Reason.DeadlineReached reached) {
            return reached.inFlight() ? Why.DEADLINE_IN_FLIGHT : Why.DEADLINE_BEFORE_IT_BEGAN;
        }
        if (reason instanceof Reason.HookEnded ended) {
            return ended.inFlight() ? Why.HOOK_ENDED_IN_FLIGHT : Why.HOOK_ENDED_BEFORE_IT_BEGAN;
        }
        if (reason instanceof Reason.NetworkGone gone) {
            return gone.inFlight() ? Why.NETWORK_GONE_IN_FLIGHT : Why.NETWORK_GONE_BEFORE_IT_BEGAN;
        }
        // The other constants are named after their types. Fails for a new type until it is added to the table.
        return Why.valueOf(reason.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toUpperCase(Locale.ROOT));
    }

    private static List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        for (Planned planned : Planned.values()) {
            for (Why why : Why.values()) {
                for (Phase phase : Phase.values()) {
                    for (Outcome outcome : Outcome.values()) {
                        cells.add(new Cell(planned, why, phase, outcome));
                    }
                }
            }
        }
        return cells;
    }

    private static boolean isReachable(Cell cell) {
        return UNREACHABLE.values().stream().noneMatch(rule -> rule.test(cell));
    }

    /** Returns the cells that can be visited and were not. */
    List<Cell> unvisited() {
        return all().stream()
                .filter(cell -> isReachable(cell) && !visits.containsKey(cell))
                .toList();
    }

    /** Returns the visited cells that a rule excludes. */
    List<Cell> impossible() {
        return visits.keySet().stream().filter(cell -> !isReachable(cell)).toList();
    }

    /** Returns the number of visited cells and of all cells, and the number of cells that each rule excludes. */
    String summary() {
        StringBuilder text = new StringBuilder(visits.size() + " of " + all().size() + " cells visited");
        UNREACHABLE.forEach((words, rule) -> text.append("\n    ")
                .append(all().stream().filter(rule).count())
                .append(" excluded: ")
                .append(words));
        return text.toString();
    }
}
