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
 * A run in virtual time whose coordinator and workers take turns, on a machine that the test builds, with its events.
 */
final class SteppedRun {
    static final Duration SECOND = Duration.ofSeconds(1);
    static final Duration DAY = Duration.ofDays(1);

    final MachineBuilder builder = new MachineBuilder("stepped");
    final Lockstep time = new Lockstep();
    final List<Event> events = new ArrayList<>();

    /** Unbinds drivers named {@code par} in parallel, and shuts all drives down in parallel. */
    Config config = config("nvme", Configs.settings(Settings.Shutdown.PARALLEL));

    /** Whether the n-th attempt to start a worker, from 0, succeeds. */
    IntPredicate workerCanStart = attempt -> true;

    /** Returns the obstacle to the early shutdown of a device. */
    Function<Target, Optional<Reason>> obstacle = target -> Optional.empty();

    /** Alters the kernel that the run sees. */
    UnaryOperator<Kernel> altered = UnaryOperator.identity();

    /** Changes the machine after planning. */
    Runnable afterPlanning = () -> {};

    SimulatedKernel kernel;
    Run run;

    /** Returns a configuration with the settings of a driver, in addition to those of {@code par}. */
    static Config config(String driver, Settings settings) {
        return Configs.config(
                Mode.ON,
                Map.of(driver, settings, "par", Configs.settings(Settings.Method.UNBIND, Settings.Shutdown.PARALLEL)),
                Map.of());
    }

    /** Runs the late phase only. */
    Timeline late(Verb verb, Duration deadline, Consumer<Event> reaction) {
        CheckedRun checked = prepare();
        run = checked.late(verb, altered.apply(kernel), deadline, listener(reaction));
        return checked.execute();
    }

    /** Runs the late phase, which an exitrd follows. The reaction to events begins the exitrd. */
    Timeline beforeExitrd(Verb verb, Duration deadline, Consumer<Event> reaction) {
        CheckedRun checked = prepare();
        run = checked.beginning(RunOptions.late(deadline, true), verb, altered.apply(kernel), listener(reaction));
        return checked.execute();
    }

    /** Runs from the early phase on. The reaction to events begins the late phase. */
    Timeline early(Verb verb, Consumer<Event> reaction) {
        CheckedRun checked = prepare();
        run = checked.early(verb, altered.apply(kernel), obstacle, listener(reaction));
        return checked.execute();
    }

    /** Runs from before the network is stopped. The reaction to events begins what follows. */
    Timeline network(Verb verb, Consumer<Event> reaction) {
        CheckedRun checked = prepare();
        run = checked.beginning(
                RunOptions.network((method, target) -> obstacle.apply(target)),
                verb,
                altered.apply(kernel),
                listener(reaction));
        return checked.execute();
    }

    /** Returns the method of a drive. */
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

    /** Returns a listener that reacts once, to the first event of a kind for a device. */
    static Consumer<Event> when(Class<? extends Event> kind, String device, Runnable reaction) {
        boolean[] had = new boolean[1];
        return event -> {
            if (!had[0] && kind.isInstance(event) && event.device().name().equals(device)) {
                had[0] = true;
                reaction.run();
            }
        };
    }

    /** Waits until all work has ended. */
    void settle() {
        time.awaitAllOthers();
    }

    /** Returns the operations on the machine's devices, in the order of their ends. */
    List<String> done() {
        return kernel.log().operations().stream()
                .map(operation -> operation.kind() + " " + operation.device().name())
                .toList();
    }

    /** Returns the kinds of a device's events, without that of its planning, in order. */
    List<String> told(String device) {
        return events.stream()
                .filter(event -> event.device().name().equals(device) && !(event instanceof Event.Planned))
                .map(event -> event.getClass().getSimpleName())
                .toList();
    }

    /** Returns the only event of a kind for a device. */
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

    /** Returns the reason why a device was left to the kernel. */
    Reason whyLeft(String device) {
        return only(Event.LeftToKernel.class, device).reason();
    }
}
