// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.simulated.Lockstep;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.method.DriveTypes;
import org.quiesced.method.ShutdownMethod;
import org.quiesced.method.Target;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Verb;

/**
 * A run whose coordinator and workers take turns in virtual time, on a machine that a test puts together, and all that
 * is told of it.
 */
final class SteppedRun {
    static final Duration SECOND = Duration.ofSeconds(1);
    static final Duration DAY = Duration.ofDays(1);

    final MachineBuilder builder = new MachineBuilder("stepped");
    final Lockstep time = new Lockstep();
    final List<Event> events = new ArrayList<>();

    /** Drivers that are called {@code par} are unbound in parallel; all drives go down in parallel. */
    Config config = config("nvme", Configs.settings(Settings.Shutdown.PARALLEL));

    /** Whether the n-th attempt to start a worker, from 0, succeeds. */
    IntPredicate workerCanStart = attempt -> true;

    /** What keeps a device out of the early phase. */
    Function<Target, Optional<Reason>> obstacle = target -> Optional.empty();

    /** What the machine's kernel is replaced by for the run. */
    UnaryOperator<Kernel> altered = UnaryOperator.identity();

    /** What happens to the machine after it was planned. */
    Runnable afterPlanning = () -> {};

    SimulatedKernel kernel;
    Run run;

    /** A configuration that says this of a driver besides. */
    static Config config(String driver, Settings settings) {
        return Configs.config(
                Mode.ON,
                Map.of(driver, settings, "par", Configs.settings(Settings.Method.UNBIND, Settings.Shutdown.PARALLEL)),
                Map.of());
    }

    /** Runs the late phase alone. */
    Timeline late(Verb verb, Duration deadline, Consumer<Event> reaction) {
        CheckedRun checked = prepare();
        run = checked.late(verb, altered.apply(kernel), deadline, listener(reaction));
        return checked.execute();
    }

    /** Runs the late phase, which an exitrd follows; that comes when the reaction to some event calls for it. */
    Timeline beforeExitrd(Verb verb, Duration deadline, Consumer<Event> reaction) {
        CheckedRun checked = prepare();
        run = checked.beginning(RunOptions.late(deadline, true), verb, altered.apply(kernel), listener(reaction));
        return checked.execute();
    }

    /** Runs from the early phase on; the late one comes when the reaction to some event calls for it. */
    Timeline early(Verb verb, Consumer<Event> reaction) {
        CheckedRun checked = prepare();
        run = checked.early(verb, altered.apply(kernel), obstacle, listener(reaction));
        return checked.execute();
    }

    /** Runs from before the network is stopped; what follows comes when the reaction to some event calls for it. */
    Timeline network(Verb verb, Consumer<Event> reaction) {
        CheckedRun checked = prepare();
        run = checked.beginning(
                RunOptions.network((method, target) -> obstacle.apply(target)),
                verb,
                altered.apply(kernel),
                listener(reaction));
        return checked.execute();
    }

    /** Returns the method that the types of drives have for a device. */
    static ShutdownMethod methodOf(Target target) {
        return DriveTypes.SUPPORTED.of(target.device()).orElseThrow().method();
    }

    private CheckedRun prepare() {
        Plan plan = Planner.assumingFree(config).plan(builder.build().tree());
        afterPlanning.run();
        Machine machine = builder.build();
        kernel = time.kernel(machine, workerCanStart);
        return CheckedRun.of(machine, kernel, plan, time);
    }

    private Consumer<Event> listener(Consumer<Event> reaction) {
        return event -> {
            events.add(event);
            reaction.accept(event);
        };
    }

    /** A reaction that is had once, to that kind of event of that device. */
    static Consumer<Event> when(Class<? extends Event> kind, String device, Runnable reaction) {
        boolean[] had = new boolean[1];
        return event -> {
            if (!had[0] && kind.isInstance(event) && event.device().name().equals(device)) {
                had[0] = true;
                reaction.run();
            }
        };
    }

    /** Lets what is still at work come to its end. */
    void settle() {
        time.awaitAllOthers();
    }

    /** What was done to the machine's devices, in the order of its end. */
    List<String> done() {
        return kernel.log().operations().stream()
                .map(operation -> operation.kind() + " " + operation.device().name())
                .toList();
    }

    /** What the run told of a device after its place in the plan, in order. */
    List<String> told(String device) {
        return events.stream()
                .filter(event -> event.device().name().equals(device) && !(event instanceof Event.Planned))
                .map(event -> event.getClass().getSimpleName())
                .toList();
    }

    /** The only event of that kind of a device. */
    <E extends Event> E only(Class<E> kind, String device) {
        List<E> found = events.stream()
                .filter(event -> kind.isInstance(event) && event.device().name().equals(device))
                .map(kind::cast)
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " times " + kind.getSimpleName() + " of " + device);
        }
        return found.get(0);
    }

    /** Why a device was left to the kernel. */
    Reason whyLeft(String device) {
        return only(Event.LeftToKernel.class, device).reason();
    }
}
