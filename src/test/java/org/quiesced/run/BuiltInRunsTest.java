// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.device.Device;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.OnMachines;
import org.quiesced.kernel.simulated.OperationLog.Kind;
import org.quiesced.kernel.simulated.OperationLog.Operation;
import org.quiesced.shutdown.Verb;

/** Runs on the built-in machines, in each mode and with each verb. */
class BuiltInRunsTest {
    private static Simulated run(Machine machine, Mode mode, Verb verb) {
        return Simulated.run(
                machine, Configs.config(mode, Map.of(), Map.of()), verb, Duration.ofDays(1), attempt -> true);
    }

    private static List<Device> touched(Simulated run, Kind kind) {
        return run.kernel().log().operations().stream()
                .filter(operation -> operation.kind() == kind)
                .map(Operation::device)
                .toList();
    }

    /** Returns the drives without a user. */
    private static List<Device> freeDrives(Machine machine) {
        return machine.tree().devices().stream()
                .filter(device -> machine.latencies().containsKey(device.path()))
                .filter(device -> machine.tree().below(device).devices().stream()
                        .noneMatch(below -> machine.uses().containsKey(below.path())))
                .toList();
    }

    @OnMachines(modes = {Mode.SAFE, Mode.ON})
    void runUnbindsEachFreeDriveOnceAndNothingElse(Machine machine, Mode mode, Verb verb) {
        assertThat(touched(run(machine, mode, verb), Kind.UNBIND))
                .containsExactlyInAnyOrderElementsOf(freeDrives(machine));
    }

    @OnMachines(modes = Mode.OFF)
    void modeOffTouchesNoDevice(Machine machine, Mode mode, Verb verb) {
        assertThat(run(machine, mode, verb).kernel().log().operations()).isEmpty();
    }

    @OnMachines(verbs = {Verb.REBOOT, Verb.KEXEC})
    void restartStopsNoDisk(Machine machine, Mode mode, Verb verb) {
        assertThat(touched(run(machine, mode, verb), Kind.STOP)).isEmpty();
    }

    @OnMachines(
            modes = {Mode.SAFE, Mode.ON},
            verbs = {Verb.POWEROFF, Verb.HALT})
    void powerOffStopsEachFreeScsiDisk(Machine machine, Mode mode, Verb verb) {
        assertThat(touched(run(machine, mode, verb), Kind.STOP))
                .containsExactlyInAnyOrderElementsOf(freeDrives(machine).stream()
                        .filter(device -> device.isBoundTo("scsi", "sd"))
                        .toList());
    }
}
