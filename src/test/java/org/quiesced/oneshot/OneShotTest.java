// SPDX-License-Identifier: Apache-2.0
package org.quiesced.oneshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.device.Device;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.OperationLog;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Planner;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;

/** A shutdown by the one-shot command. */
class OneShotTest {
    private static final Config ALL = Configs.config(Mode.ON, Map.of(), Map.of());

    private final MachineBuilder builder = new MachineBuilder("one-shot");

    private SimulatedKernel kernel(Verb verb) {
        Machine machine = builder.build();
        SimulatedKernel kernel = new SimulatedKernel(machine);
        CheckedRun.addMachine(machine, kernel, Planner.assumingFree(ALL).plan(machine.tree()), verb);
        return kernel;
    }

    private OneShot.Result run() throws IOException {
        SimulatedKernel kernel = kernel(Verb.REBOOT);
        return new OneShot(kernel, kernel.workers(), ALL, Verb.REBOOT).run(Duration.ofSeconds(80));
    }

    @Test
    void eachDiskIsClaimedOnceAtItsTurn() throws IOException {
        String drive = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(2));
        // A second claim of this disk would fail.
        builder.fault(drive + "/nvme/nvme0/nvme0n1", Fault.MOUNTED_MEANWHILE);

        assertThat(run().timeline().outcomes()).singleElement().matches(Timeline.Outcome::isDown);
    }

    /** Unbinds a disk, like a process that dies before it stops the disk. */
    private static void crashAfterUnbinding(SimulatedKernel kernel, String path, Verb... verbs) throws IOException {
        Device disk = kernel.readTree().find(path).orElseThrow();
        kernel.dueStops().note(disk, Set.of(verbs));
        kernel.drivers().unbind(disk);
        kernel.processEnds();
    }

    private List<String> doneAfterACrash(Verb verb) throws IOException {
        String first = builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(3));
        String second = builder.scsiDisk("/devices/host0", "0:0:1:0", Duration.ofSeconds(3));
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(2));
        builder.attribute(first + "/scsi_disk/0:0:0:0", "manage_start_stop", "0");
        builder.attribute(second + "/scsi_disk/0:0:1:0", "manage_start_stop", "0");
        SimulatedKernel kernel = kernel(verb);
        crashAfterUnbinding(kernel, first, Verb.POWEROFF, Verb.HALT);
        crashAfterUnbinding(kernel, second, Verb.POWEROFF, Verb.HALT);
        new OneShot(kernel, kernel.workers(), ALL, verb).run(Duration.ofSeconds(80));
        return kernel.log().operations().stream()
                .skip(2)
                .filter(operation -> operation.kind() != OperationLog.Kind.FLUSH)
                .map(operation -> operation.kind() + " " + operation.device().name() + " from "
                        + operation.from() / 1_000_000_000)
                .toList();
    }

    @Test
    void orphanedDisksAreStopped() throws IOException {
        assertThat(doneAfterACrash(Verb.POWEROFF))
                .containsExactlyInAnyOrder("STOP 0:0:0:0 from 0", "STOP 0:0:1:0 from 0", "UNBIND 0000:01:00.0 from 3");
    }

    @Test
    void orphanedDisksAreNotStoppedAtARestart() throws IOException {
        assertThat(doneAfterACrash(Verb.REBOOT)).containsExactly("UNBIND 0000:01:00.0 from 0");
    }

    @Test
    void diskBoundAgainIsShutDownAsAnyOther() throws IOException {
        String disk = builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(3));
        SimulatedKernel kernel = kernel(Verb.POWEROFF);
        builder.attribute(disk + "/scsi_disk/0:0:0:0", "manage_start_stop", "0");
        Device device = kernel.readTree().find(disk).orElseThrow();
        kernel.dueStops().note(device, Set.of(Verb.POWEROFF));
        kernel.processEnds();
        new OneShot(kernel, kernel.workers(), ALL, Verb.POWEROFF).run(Duration.ofSeconds(80));

        assertThat(kernel.log().operations())
                .extracting(operation -> operation.kind().name())
                .containsExactly("FLUSH", "UNBIND", "STOP");
        assertThat(kernel.dueStops().left()).isEmpty();
    }

    @Test
    void unconfirmedDriveIsNotCountedAsDown() throws IOException {
        builder.fault(builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(5)), Fault.UNCONFIRMED);
        OneShot.Result result = run();

        assertThat(result.timeline().downCount()).isZero();
        assertThat(result.timeline().leftCount()).isZero();
        assertThat(result.timeline().unconfirmedCount()).isEqualTo(1);
        assertThat(result.isGood()).as("the exit code says so").isFalse();
    }
}
