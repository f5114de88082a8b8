// SPDX-License-Identifier: Apache-2.0
package org.quiesced.invariants;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.OperationLog.Kind;
import org.quiesced.kernel.simulated.OperationLog.Operation;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.method.Target;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Reason;
import org.quiesced.run.Event;
import org.quiesced.run.PreparedPlan;
import org.quiesced.run.Run;
import org.quiesced.run.RunOptions;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;

/**
 * A run on a simulated machine that is checked after the test ({@link CheckedRuns}), by its events and by the machine's
 * log. All work that the run began is completed before.
 */
public final class CheckedRun {
    /** Maximum time for which a run waits at its end for the restoration of grace periods. */
    private static final Duration TIDYING = Duration.ofSeconds(1);

    private final Machine machine;
    private final SimulatedKernel kernel;
    private final Plan plan;
    private final Optional<Lockstep> time;
    private final List<EventRules.Told> told = new ArrayList<>();
    private final Set<Verb> verbs = EnumSet.noneOf(Verb.class);
    private Optional<Duration> deadline = Optional.empty();
    private Optional<Timeline> timeline = Optional.empty();
    private Run run;
    private long begin;

    private CheckedRun(Machine machine, SimulatedKernel kernel, Plan plan, Optional<Lockstep> time) {
        this.machine = machine;
        this.kernel = kernel;
        this.plan = plan;
        this.time = time;
    }

    /**
     * Adds methods that act on devices of a machine without a run; the operations in the machine's log are checked.
     *
     * @param settings the settings of these devices, as known after the test
     * @param verbs the verbs of the shutdown, as known after the test
     */
    public static void addMethods(
            Machine machine, SimulatedKernel kernel, Map<Device, Settings> settings, Set<Verb> verbs) {
        CheckedRuns.add(
                () -> new Account(MachineRules.complaints(machine, kernel, settings, verbs), operations(kernel)));
    }

    private static List<String> operations(SimulatedKernel kernel) {
        return kernel.log().operations().stream()
                .map(operation -> operation.kind() + " " + operation.device())
                .toList();
    }

    /**
     * Adds a machine that the code under test shuts down by its own runs; the operations in the machine's log are
     * checked.
     *
     * @param plan a plan that handles all devices that may be touched
     */
    public static void addMachine(Machine machine, SimulatedKernel kernel, Plan plan, Verb... verbs) {
        addMethods(machine, kernel, settings(plan), Set.of(verbs));
    }

    /**
     * Adds such a machine in real time, with operations that may still be in flight after the test. Its final state is
     * not checked.
     */
    public static void addMachineAtWork(Machine machine, SimulatedKernel kernel, Plan plan, Verb... verbs) {
        CheckedRuns.add(() -> new Account(
                MachineRules.complaintsSoFar(machine, kernel, settings(plan), Set.of(verbs)), operations(kernel)));
    }

    /** Creates a run for a kernel in virtual time. */
    public static CheckedRun of(Machine machine, SimulatedKernel kernel, Plan plan) {
        return new CheckedRun(machine, kernel, plan, Optional.empty());
    }

    /** Creates a run whose coordinator and workers take turns. */
    public static CheckedRun of(Machine machine, SimulatedKernel kernel, Plan plan, Lockstep time) {
        return new CheckedRun(machine, kernel, plan, Optional.of(time));
    }

    /**
     * Prepares the late phase only.
     *
     * @param seen the kernel that the run sees, possibly an altered one
     */
    public Run late(Verb verb, Kernel seen, Duration most, Consumer<? super Event> listener) {
        deadline = Optional.of(most);
        return prepare(verb, new Run(new PreparedPlan(plan), verb, seen, kernel.workers(), most, witness(listener)));
    }

    /**
     * Executes a run in which each device of the plan may go down: before the network is stopped if all devices require
     * that, otherwise in the late phase.
     */
    public Timeline inItsPhase(Verb verb, Kernel seen) {
        PreparedPlan prepared = new PreparedPlan(plan);
        if (prepared.needingNetwork().size() < prepared.devices().size()) {
            late(verb, seen, Duration.ofMinutes(1), event -> {});
            return execute();
        }
        Set<Device> going = new HashSet<>(prepared.devices());
        beginning(RunOptions.network((method, target) -> Optional.empty()), verb, seen, event -> {
            going.removeIf(
                    device -> event.device().equals(device) && (event.isLast() || event instanceof Event.Deferred));
            if (going.isEmpty()) {
                run.late(verb, Duration.ofMinutes(1), false);
            }
        });
        return execute();
    }

    /** Prepares a run that begins in the early phase. */
    public Run early(
            Verb verb, Kernel seen, Function<Target, Optional<Reason>> obstacle, Consumer<? super Event> listener) {
        return beginning(RunOptions.early((method, target) -> obstacle.apply(target)), verb, seen, listener);
    }

    /** Prepares a run with other options. */
    public Run beginning(RunOptions options, Verb verb, Kernel seen, Consumer<? super Event> listener) {
        return prepare(verb, new Run(new PreparedPlan(plan), verb, seen, kernel.workers(), options, witness(listener)));
    }

    private Run prepare(Verb verb, Run prepared) {
        verbs.add(verb);
        run = prepared;
        begin = now();
        CheckedRuns.add(this::account);
        return run;
    }

    /** Executes the prepared run. Not needed if the code under test executes it. */
    public Timeline execute() {
        timeline = Optional.of(run.execute());
        verbs.add(timeline.get().verb());
        return timeline.get();
    }

    private long now() {
        return kernel.workers().newPool().now();
    }

    private Consumer<Event> witness(Consumer<? super Event> listener) {
        return event -> {
            told.add(new EventRules.Told(event, now() - begin));
            listener.accept(event);
        };
    }

    private Account account() {
        time.ifPresent(Lockstep::awaitAllOthers);
        List<String> complaints = new ArrayList<>();
        boolean wasExecuted = timeline.isPresent() || !told.isEmpty();
        if (wasExecuted) {
            complaints.addAll(EventRules.complaints(plan, told));
        }
        complaints.addAll(MachineRules.complaints(machine, kernel, settings(plan), verbs));
        complaints.addAll(whatIsSaidIsTrue());
        time.flatMap(Lockstep::failure).ifPresent(failure -> complaints.add(Complaint.text("no worker dies", failure)));
        timeline.filter(one -> !one.events()
                        .equals(told.stream().map(EventRules.Told::event).toList()))
                .ifPresent(one -> complaints.add(Complaint.text("the timeline has the events that were told")));
        timeline.map(Timeline::took)
                .filter(took -> deadline.filter(most -> took.compareTo(longest(most)) > 0)
                        .isPresent())
                .ifPresent(took -> complaints.add(Complaint.text("the run ends by its deadline", took)));
        return new Account(complaints, RunStory.of(told, kernel.log().operations(), begin));
    }

    private static Duration longest(Duration deadline) {
        return (deadline.isNegative() ? Duration.ZERO : deadline).plus(TIDYING);
    }

    private static Map<Device, Settings> settings(Plan plan) {
        Map<Device, Settings> settings = new HashMap<>();
        for (Disposition disposition : plan.dispositions()) {
            if (disposition instanceof Disposition.Handled handled) {
                settings.put(handled.target().device(), handled.target().settings());
            }
        }
        return settings;
    }

    private List<String> whatIsSaidIsTrue() {
        List<String> complaints = new ArrayList<>();
        Set<Device> retreated = new HashSet<>();
        told.stream()
                .map(EventRules.Told::event)
                .filter(event -> event instanceof Event.Restored || event instanceof Event.NotRestored)
                .forEach(event -> retreated.add(event.device()));
        for (EventRules.Told one : told) {
            Event event = one.event();
            boolean mayBeBack = retreated.contains(event.device());
            if (event instanceof Event.Done && !mayBeBack && !isNotified(event.device()) && isThere(event.device())) {
                complaints.add(Complaint.text("what is said to be down has no driver", event));
            }
            if (event instanceof Event.LeftToKernel left) {
                unbindingOf(left.device()).ifPresent(unbinding -> {
                    if (!isInFlight(left.reason())) {
                        complaints.add(Complaint.text(
                                "what is said to be left to the kernel has its driver", left, unbinding));
                    }
                    // Without lockstep a task runs to its end at once, and is not notified that it was given up.
                    if (time.isPresent() && unbinding.from() - begin > one.time()) {
                        complaints.add(Complaint.text("nothing is begun after it was given up", unbinding, left));
                    }
                });
            }
        }
        return complaints;
    }

    private boolean isThere(Device device) {
        return device.isHolder()
                ? kernel.holders().isThere(device)
                : kernel.drivers().isBound(device);
    }

    /** Returns whether a device was shut down by a notification, which does not remove its driver. */
    private boolean isNotified(Device device) {
        return kernel.log().operations().stream()
                .anyMatch(operation ->
                        operation.kind() == Kind.NOTIFY && operation.device().equals(device));
    }

    private Optional<Operation> unbindingOf(Device device) {
        return kernel.log().operations().stream()
                .filter(operation ->
                        operation.kind().takesDown() && operation.device().equals(device))
                .findFirst();
    }

    /** Returns whether a device that is left for a reason may have a driver that is being unbound. */
    public static boolean isInFlight(Reason reason) {
        return reason instanceof Reason.TimedOut timedOut && timedOut.inFlight()
                || reason instanceof Reason.DeadlineReached reached && reached.inFlight()
                || reason instanceof Reason.HookEnded ended && ended.inFlight()
                || reason instanceof Reason.NetworkGone gone && gone.inFlight()
                || reason instanceof Reason.Cancelled;
    }
}
