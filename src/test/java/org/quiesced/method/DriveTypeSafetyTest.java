// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.OperationLog;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Planner;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;

/** Safety rules of a run that hold for each drive type with disks. */
class DriveTypeSafetyTest {
    private static final Config ALL = Configs.config(Mode.ON, Map.of(), Map.of());

    private final Map<String, DiskUser> uses = new HashMap<>();
    private final Map<String, String> openers = new HashMap<>();
    private final Map<String, Fault> faults = new HashMap<>();
    private SimulatedKernel kernel;

    static List<DriveType> types() {
        return EachDriveTypeTest.typesWithDisks();
    }

    private static Device drive(DriveType type) {
        return type.sample(1).devices().get(0);
    }

    private static Device disk(DriveType type) {
        return type.sample(1).devices().stream()
                .filter(device -> device.isA("block"))
                .findFirst()
                .orElseThrow();
    }

    /** Shuts two drives down, the first of which has the user or fault of the test. */
    private Timeline run(DriveType type) {
        List<Device> devices = new ArrayList<>(type.sample(1).devices());
        devices.addAll(type.sample(2).devices());
        Machine machine =
                new Machine("two", "", DeviceTree.of(devices, List.of()), uses, openers, Map.of(), faults, Map.of());
        kernel = new SimulatedKernel(machine);
        CheckedRun checked = CheckedRun.of(
                machine,
                kernel,
                Planner.assumingFree(ALL).withTypes(MadeUpDrive.TYPES).plan(machine.tree()));
        return checked.inItsPhase(Verb.REBOOT, kernel);
    }

    private List<Device> unbound() {
        return kernel.log().operations().stream()
                .filter(operation -> operation.kind() == OperationLog.Kind.UNBIND)
                .map(OperationLog.Operation::device)
                .toList();
    }

    private void assertThatOnlyTheOtherGoesDown(DriveType type) {
        Timeline timeline = run(type);
        Device other = type.sample(2).devices().get(0);

        assertThat(unbound()).containsExactly(other);
        assertThat(timeline.outcomes())
                .filteredOn(Timeline.Outcome::isDown)
                .extracting(Timeline.Outcome::device)
                .containsExactly(other);
    }

    @ParameterizedTest
    @MethodSource("types")
    void driveWithAClaimedDiskKeepsItsDriver(DriveType type) {
        uses.put(disk(type).path(), new DiskUser("mounted on /srv", DiskUser.Release.NEVER));

        assertThatOnlyTheOtherGoesDown(type);
    }

    @ParameterizedTest
    @MethodSource("types")
    void driveWithAnOpenDiskKeepsItsDriver(DriveType type) {
        openers.put(disk(type).path(), "open in postgres");

        assertThatOnlyTheOtherGoesDown(type);
    }

    @ParameterizedTest
    @MethodSource("types")
    void driveWithAnotherDriverKeepsThatDriver(DriveType type) {
        faults.put(drive(type).path(), Fault.OTHER_DRIVER);

        assertThatOnlyTheOtherGoesDown(type);
    }

    @ParameterizedTest
    @MethodSource("types")
    void driveWhoseUnbindFailsIsLeftToTheKernel(DriveType type) {
        faults.put(drive(type).path(), Fault.UNBIND_FAILS);

        assertThatOnlyTheOtherGoesDown(type);
    }

    @ParameterizedTest
    @MethodSource("types")
    void driveBeingUnboundIsAwaitedAndNotUnboundAgain(DriveType type) {
        faults.put(drive(type).path(), Fault.BEING_UNBOUND);

        assertThat(run(type).outcomes()).hasSize(2).allMatch(Timeline.Outcome::isDown);
        assertThat(unbound()).doesNotContain(drive(type));
    }

    @ParameterizedTest
    @MethodSource("types")
    void vanishedDriveIsDown(DriveType type) {
        faults.put(drive(type).path(), Fault.VANISHES);

        assertThat(run(type).outcomes()).hasSize(2).allMatch(Timeline.Outcome::isDown);
        assertThat(unbound()).doesNotContain(drive(type));
    }
}
