// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Early;
import org.quiesced.config.Mode;
import org.quiesced.config.Phases;
import org.quiesced.config.Settings;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.OperationLog.Operation;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.method.DriveTypes;
import org.quiesced.method.Target;
import org.quiesced.plan.EarlyRule;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.plan.Reason;
import org.quiesced.shutdown.Phase;
import org.quiesced.shutdown.Verb;

/**
 * A shutdown in two phases: free drives go down early, and the late phase joins drives in flight and takes the rest.
 */
class PhasesTest {
    private static final Config ALL = Configs.config(Mode.ON, Map.of(), Map.of());
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final MachineBuilder builder = new MachineBuilder("phases");
    private final List<Event> events = new ArrayList<>();
    private Function<Target, Optional<Reason>> obstacle = target -> Optional.empty();
    /** Changes the machine after planning. */
    private Runnable meanwhile = () -> {};

    private SimulatedKernel kernel;

    private String nvme(String address, Duration latency) {
        return builder.nvme("/devices/pci0000:00/0000:00:01.0", address, latency);
    }

    /** Runs from the early phase on. The reaction to events begins the late phase. */
    private Timeline run(Config config, Verb verb, BiConsumer<Event, Run> reaction) {
        Plan plan = Planner.assumingFree(config).plan(builder.build().tree());
        meanwhile.run();
        Machine machine = builder.build();
        kernel = new SimulatedKernel(machine);
        CheckedRun checked = CheckedRun.of(machine, kernel, plan);
        AtomicReference<Run> run = new AtomicReference<>();
        run.set(checked.early(verb, kernel, obstacle, event -> {
            events.add(event);
            reaction.accept(event, run.get());
        }));
        return checked.execute();
    }

    private static BiConsumer<Event, Run> lateWhenDown(String device) {
        return (event, run) -> {
            if (event instanceof Event.Done && event.device().name().equals(device)) {
                run.late(Verb.REBOOT, Duration.ofSeconds(80));
            }
        };
    }

    private long[] seconds(String device) {
        Operation operation = kernel.log().operations().stream()
                .filter(o -> o.device().name().equals(device))
                .findFirst()
                .orElseThrow();
        return new long[] {operation.from() / 1_000_000_000, operation.to() / 1_000_000_000};
    }

    @Test
    void freeDrivesGoDownEarlyAndTheLatePhaseJoinsDrivesInFlight() {
        nvme("0000:01:00.0", SECOND);
        nvme("0000:02:00.0", SECOND.multipliedBy(5));

        Timeline timeline = run(ALL, Verb.REBOOT, lateWhenDown("0000:01:00.0"));

        assertThat(timeline.downCount()).isEqualTo(2);
        assertThat(seconds("0000:02:00.0")).containsExactly(0, 5);
        assertThat(timeline.took()).isEqualTo(SECOND.multipliedBy(5));
    }

    @Test
    void gracePeriodsAreExpeditedUntilTheLastDeviceIsDown() {
        nvme("0000:01:00.0", SECOND);
        nvme("0000:02:00.0", SECOND.multipliedBy(5));
        List<Boolean> expedited = new ArrayList<>();

        run(ALL, Verb.REBOOT, lateWhenDown("0000:01:00.0").andThen((event, run) -> {
            if (event instanceof Event.Done) {
                expedited.add(kernel.hasExpeditedGracePeriods());
            }
        }));

        assertThat(expedited).containsExactly(true, true);
        assertThat(kernel.hasExpeditedGracePeriods()).isFalse();
    }

    @Test
    void driveInUseEarlyGoesDownLateWhenFree() {
        nvme("0000:01:00.0", SECOND);
        String mounted = nvme("0000:02:00.0", SECOND);
        builder.inUse(mounted, "held by md0");

        Timeline timeline = run(ALL, Verb.REBOOT, (event, run) -> {
            if (event instanceof Event.Done && event.device().name().equals("0000:01:00.0")) {
                kernel.letGo(mounted + "/nvme/nvme1/nvme1n1");
                run.late(Verb.REBOOT, Duration.ofSeconds(80));
            }
        });

        assertThat(events)
                .filteredOn(Event.Deferred.class::isInstance)
                .extracting(event -> event.device().name())
                .containsExactly("0000:02:00.0");
        assertThat(timeline.downCount()).isEqualTo(2);
        assertThat(seconds("0000:02:00.0")).containsExactly(1, 2);
    }

    @Test
    void driveInUseLateIsLeftToTheKernelWithItsDependencies() {
        String port = builder.device("/devices/pci0000:00", "0000:00:01.0", "pci", "par");
        builder.inUse(nvme("0000:01:00.0", SECOND), "mounted on /");
        nvme("0000:02:00.0", SECOND);
        Config config = Configs.config(
                Mode.ON, Map.of("par", Configs.settings(Settings.Method.UNBIND, Settings.Shutdown.PARALLEL)), Map.of());

        Timeline timeline = run(config, Verb.REBOOT, lateWhenDown("0000:02:00.0"));

        assertThat(timeline.outcomes())
                .filteredOn(outcome -> !outcome.isDown())
                .extracting(outcome -> outcome.device().path())
                .containsExactlyInAnyOrder(port, port + "/0000:01:00.0");
        assertThat(timeline.downCount()).isEqualTo(1);
    }

    @Test
    void driveWithAnotherDriverIsLeftToTheKernelWithItsDependencies() {
        String port = builder.device("/devices/pci0000:00", "0000:00:01.0", "pci", "par");
        builder.fault(nvme("0000:01:00.0", SECOND), Fault.OTHER_DRIVER);
        nvme("0000:02:00.0", SECOND);
        Config config = Configs.config(
                Mode.ON, Map.of("par", Configs.settings(Settings.Method.UNBIND, Settings.Shutdown.PARALLEL)), Map.of());

        Timeline timeline = run(config, Verb.REBOOT, lateWhenDown("0000:02:00.0"));

        assertThat(timeline.outcomes())
                .filteredOn(outcome -> !outcome.isDown())
                .extracting(outcome -> outcome.device().path() + ": "
                        + outcome.leftBecause().orElseThrow().describe())
                .containsExactlyInAnyOrder(
                        port + "/0000:01:00.0: its driver is now vfio-pci", port + ": held back by 0000:01:00.0");
        assertThat(events)
                .as("the driver may return by the late phase")
                .filteredOn(Event.Deferred.class::isInstance)
                .hasSize(2);
    }

    @Test
    void driveKeptOutOfTheEarlyPhaseWaitsForTheLatePhase() {
        nvme("0000:01:00.0", SECOND);
        nvme("0000:02:00.0", SECOND);
        Phases notEarly = new Phases(Map.of(Verb.POWEROFF, Set.of(Phase.LATE)));
        Config config = Configs.config(Mode.ON, Map.of(), Map.of("nvme1", Configs.settings(notEarly)));

        run(config, Verb.POWEROFF, lateWhenDown("0000:01:00.0"));
        assertThat(seconds("0000:02:00.0")).containsExactly(1, 2);

        run(config, Verb.REBOOT, lateWhenDown("0000:01:00.0"));
        assertThat(seconds("0000:02:00.0")).containsExactly(0, 1);
    }

    @Test
    void unreleasedPartitionAddedAfterThePlanDefersItsDrive() {
        nvme("0000:01:00.0", SECOND);
        String disk = nvme("0000:02:00.0", SECOND) + "/nvme/nvme1/nvme1n1";
        builder.classDevice(disk + "/nvme1n1p1", "block", Map.of("size", "4096"));
        meanwhile = () -> builder.classDevice(disk + "/nvme1n1p2", "block", Map.of("size", "4096"));
        Set<String> hadUser = Set.of("nvme0n1", "nvme1n1p1");
        EarlyRule rule = new EarlyRule(Early.RELEASED, Verb.REBOOT, part -> hadUser.contains(part.name()));
        obstacle = target -> rule.apply(
                DriveTypes.SUPPORTED.of(target.device()).orElseThrow().method(), target);

        Timeline timeline = run(ALL, Verb.REBOOT, lateWhenDown("0000:01:00.0"));

        assertThat(events)
                .filteredOn(Event.Deferred.class::isInstance)
                .extracting(event -> ((Event.Deferred) event).reason())
                .containsExactly(new Reason.NotReleased("nvme1n1p2"));
        assertThat(timeline.downCount()).isEqualTo(2);
        assertThat(seconds("0000:02:00.0")).containsExactly(1, 2);
    }

    @Test
    void serialLaneContinuesInTheLatePhase() {
        for (int i = 1; i <= 3; i++) {
            nvme("0000:0" + i + ":00.0", SECOND);
        }
        Config oneByOne = Configs.config(Mode.SAFE, Map.of(), Map.of());

        Timeline timeline = run(oneByOne, Verb.REBOOT, lateWhenDown("0000:03:00.0"));

        assertThat(timeline.downCount()).isEqualTo(3);
        assertThat(kernel.log().operations().stream()
                        .filter(o -> o.to() > o.from())
                        .toList())
                .hasSize(3);
        assertThat(timeline.took()).isEqualTo(SECOND.multipliedBy(3));
        assertThat(events).filteredOn(Event.Started.class::isInstance).hasSize(3);
    }

    @Test
    void deadlineCountsFromTheLatePhase() {
        nvme("0000:01:00.0", SECOND.multipliedBy(3));
        nvme("0000:02:00.0", SECOND.multipliedBy(30));

        Timeline timeline = run(ALL, Verb.REBOOT, (event, run) -> {
            if (event instanceof Event.Done) {
                run.late(Verb.REBOOT, SECOND);
            }
        });

        assertThat(timeline.took()).isEqualTo(SECOND.multipliedBy(4));
        assertThat(timeline.outcomes().get(1).leftBecause().orElseThrow().describe())
                .isEqualTo("deadline reached, still in flight");
    }
}
