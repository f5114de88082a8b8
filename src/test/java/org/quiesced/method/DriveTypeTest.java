// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quiesced.config.Config;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.estimate.Estimate;
import org.quiesced.estimate.KernelWalk;
import org.quiesced.guard.ForcedEnd;
import org.quiesced.guard.LastResort;
import org.quiesced.host.simulated.SimulatedSysRq;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.OperationLog;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Disposition;
import org.quiesced.plan.KnownLatencies;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.report.Labels;
import org.quiesced.report.PlanReport;
import org.quiesced.run.OrphanedStops;
import org.quiesced.run.Run;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;
import org.quiesced.warmup.WarmUpKernel;

/**
 * All that the program knows of a type of drive comes from the type: what holds for the supported types also holds for
 * a made-up one.
 */
class DriveTypeTest extends EachDriveTypeTest {
    private static final DriveType MADE_UP = TYPES.all().get(TYPES.all().size() - 1);

    @TempDir
    private Path directory;

    private static Timeline run(Plan plan, Machine machine, Verb verb) {
        SimulatedKernel kernel = new SimulatedKernel(machine);
        return CheckedRun.of(machine, kernel, plan).inItsPhase(verb, kernel);
    }

    @ParameterizedTest
    @MethodSource("types")
    void planNamesMethodControllerAndDisks(DriveType type) {
        Plan plan = plan(twoOf(type), ALL);

        assertThat(plan.driven()).hasSize(2).allSatisfy(device -> {
            Disposition.Handled handled = (Disposition.Handled) plan.of(device);
            assertThat(handled.method()).isSameAs(type.method());
            assertThat(handled.target().disks()).hasSize(typesWithDisks().contains(type) ? 1 : 0);
            assertThat(handled.target().classDevice().map(Device::subsystem))
                    .isEqualTo(type.method().controlClass());
        });
    }

    @ParameterizedTest
    @MethodSource("types")
    void driveGoesDownInARun(DriveType type) {
        Machine machine = twoOf(type);

        assertThat(run(plan(machine, ALL), machine, Verb.REBOOT).outcomes())
                .hasSize(2)
                .allMatch(Timeline.Outcome::isDown);
    }

    @ParameterizedTest
    @MethodSource("types")
    void runTakesTheEstimatedTime(DriveType type) {
        Machine machine = twoOf(type);
        Plan plan = plan(machine, ALL);

        assertThat(run(plan, machine, Verb.POWEROFF).took())
                .isEqualTo(Duration.ofSeconds(2))
                .isEqualTo(Estimate.of(plan, machine, Verb.POWEROFF, Duration.ofMinutes(1)));
        assertThat(KernelWalk.duration(KernelWalk.steps(plan, machine, Verb.POWEROFF, device -> true)))
                .as("one after the other, if it waits for them")
                .isEqualTo(
                        typesWithDisks().contains(type) && !type.method().needsNetwork()
                                ? Duration.ofSeconds(3)
                                : Duration.ZERO);
    }

    @Test
    void driveWithoutAWaitAtHaltTakesNoTimeInEstimateAndWalk() {
        Machine machine = twoOf(MADE_UP);
        Plan plan = plan(machine, ALL);

        assertThat(Estimate.of(plan, machine, Verb.HALT, Duration.ofMinutes(1))).isZero();
        assertThat(KernelWalk.steps(plan, machine, Verb.HALT, device -> true)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("types")
    void driveIsNamedByItsLabelClass(DriveType type) {
        Plan plan = plan(twoOf(type), ALL);
        Storage storage = new Storage(plan.tree());

        for (Device device : plan.driven()) {
            Device named = storage.firstBelow(device, type.labelClass()).orElse(device);
            assertThat(new Labels(plan).brief(device)).isEqualTo(named.name());
        }
        assertThat(new PlanReport(plan, device -> Optional.empty(), Verb.REBOOT, ALL).summary())
                .isEqualTo("2 drives in parallel");
    }

    @Test
    void reportedTimeIsQueried() {
        Machine machine = twoOf(MADE_UP);
        Plan plan = plan(machine, ALL);

        assertThat(plan.driven())
                .allSatisfy(device -> assertThat(KnownLatencies.ask(plan, new SimulatedKernel(machine))
                                .of(device))
                        .contains(MadeUpDrive.TIME));
    }

    @ParameterizedTest
    @MethodSource("typesWithDisks")
    void forcedEndFlushesTheDrive(DriveType type) throws InterruptedException {
        Machine machine = twoOf(type);
        SimulatedKernel kernel = SimulatedKernel.inRealTime(machine);
        Plan plan = plan(machine, ALL);
        Device stuck = plan.driven().get(0);
        SimulatedSysRq sysRq = new SimulatedSysRq();
        LastResort guard = new LastResort(
                new ForcedEnd(kernel, kernel.workers(), sysRq, ForcedEnd.Waits.SHORT),
                () -> false,
                Duration.ofMillis(1));
        guard.watch(plan, () -> List.of(new Run.Unfinished(stuck, Duration.ofHours(2))), () -> false);
        guard.late(Verb.REBOOT, Config.DEFAULT, plan);
        guard.check();

        Device disk = new Storage(plan.tree()).disksOf(plan.driven().get(1)).get(0);
        assertThat(kernel.log().operations())
                .singleElement()
                .satisfies(flush -> assertThat(flush.device()).isEqualTo(disk))
                .satisfies(flush -> assertThat(flush.kind()).isEqualTo(OperationLog.Kind.FLUSH));
        assertThat(sysRq.calls()).contains("restart");
    }

    @Test
    void driveTypeStopsADriveLeftWithoutADriver() throws IOException {
        Machine machine = twoOf(MADE_UP);
        SimulatedKernel kernel = new SimulatedKernel(machine);
        Device drive = plan(machine, ALL).driven().get(0);
        kernel.dueStops().note(drive, Set.of(Verb.POWEROFF));
        kernel.drivers().unbind(drive);
        kernel.processEnds();
        List<String> said = new ArrayList<>();

        OrphanedStops.complete(
                kernel, kernel.workers(), DriveTypes.SUPPORTED, Verb.POWEROFF, Duration.ofMinutes(1), said::add);
        assertThat(said)
                .as("no listed type has its driver")
                .singleElement()
                .asString()
                .contains("not stopped");
        assertThat(kernel.dueStops().left()).containsOnlyKeys(drive);

        OrphanedStops.complete(kernel, kernel.workers(), TYPES, Verb.POWEROFF, Duration.ofMinutes(1), said::add);
        assertThat(kernel.log().operations())
                .filteredOn(operation -> operation.kind() == OperationLog.Kind.STOP)
                .singleElement()
                .satisfies(stop -> assertThat(stop.device()).isEqualTo(drive));
        assertThat(kernel.dueStops().left()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("types")
    void warmUpHasTheDriveWithTheAttributesOfItsPlan(DriveType type) throws IOException {
        DriveTypes only = new DriveTypes(List.of(type));
        try (WarmUpKernel kernel = WarmUpKernel.in(directory.resolve("warm-up"), only)) {
            DeviceTree tree = kernel.readTree();
            Plan plan = Planner.assumingFree(ALL).withTypes(only).plan(tree);

            assertThat(plan.count(Disposition.Lane.PARALLEL))
                    .isEqualTo(kernel.drives())
                    .isPositive();
            for (Device expected : type.sample(0).devices()) {
                Device read = tree.find(expected.path()).orElseThrow();
                assertThat(read.driver()).isEqualTo(expected.driver());
                assertThat(read.attributes()).allSatisfy((name, value) -> {
                    assertThat(only.attributes().of(read.subsystem())).contains(name);
                    assertThat(value).isEqualTo(expected.attributes().get(name));
                });
                assertThat(expected.attributes().keySet().stream()
                                .filter(only.attributes().of(read.subsystem())::contains))
                        .allMatch(read.attributes()::containsKey);
            }
            for (String node : type.sample(0).nodes()) {
                assertThat(directory.resolve("warm-up/dev/" + node)).exists();
            }
        }
    }

    /** Without one of these, a plan would be wrong about the steps of a shutdown, and no other test would fail. */
    @Test
    void planReadsStatesAndStopAttributes() {
        assertThat(DriveTypes.SUPPORTED.attributes().of("nvme")).contains("state");
        assertThat(DriveTypes.SUPPORTED.attributes().of("scsi")).contains("state", "power/runtime_status");
        assertThat(DriveTypes.SUPPORTED.attributes().of("scsi_disk"))
                .contains(
                        "cache_type",
                        "manage_start_stop",
                        "manage_system_start_stop",
                        "manage_runtime_start_stop",
                        "manage_shutdown",
                        "manage_restart");
    }

    @Test
    void captureReadsTheAttributesOfAPlanAndMore() {
        assertThat(TYPES.attributes().of("ufs_made_up")).containsExactly("health", "power/state");
        assertThat(TYPES.capturedAttributes().of("ufs_made_up")).containsExactly("health", "power/state", "maker");
        assertThat(TYPES.attributes().of("nvme"))
                .isEqualTo(DriveTypes.SUPPORTED.attributes().of("nvme"));
    }
}
