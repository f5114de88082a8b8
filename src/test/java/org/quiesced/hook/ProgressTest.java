// SPDX-License-Identifier: Apache-2.0
package org.quiesced.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.hook.Progress.Stage;
import org.quiesced.kernel.User;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.method.Ending;
import org.quiesced.method.Target;
import org.quiesced.method.Unready;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.Planner;
import org.quiesced.plan.Reason;
import org.quiesced.run.Event;
import org.quiesced.run.PreparedPlan;
import org.quiesced.run.Removal;
import org.quiesced.shutdown.Verb;

/**
 * The hook may leave the rest to the kernel once drivers are being unbound. It waits for steps that follow an unbind.
 */
class ProgressTest {
    private final MachineBuilder builder = new MachineBuilder("progress");
    private final String drive = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ZERO);
    private final String disk = builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ZERO);
    private final PreparedPlan prepared = prepare();

    private PreparedPlan prepare() {
        Map<String, Settings> drivers = Map.of(
                "sd",
                Configs.settings(Settings.Stop.ALWAYS),
                "vfio-pci",
                Configs.settings(Settings.Method.NVME_REGISTERS, Settings.Shutdown.PARALLEL));
        return new PreparedPlan(Planner.assumingFree(Configs.config(Mode.ON, drivers, Map.of()))
                .plan(builder.build().tree()));
    }

    private static Progress progress(PreparedPlan known, Verb verb) {
        Progress progress = new Progress(verb);
        progress.begin(known);
        return progress;
    }

    private Device device(String path) {
        return prepared.plan().tree().get(prepared.plan().tree().indexOf(path));
    }

    private Event unbinding(String path, Verb verb) {
        Handled handled = (Handled) prepared.plan().of(device(path));
        return new Event.Unbinding(device(path), 0, new Removal(handled.method(), handled.target(), verb));
    }

    private Event done(String path) {
        return new Event.Done(device(path), 0, new Ending.Down());
    }

    @Test
    void startedDriveIsStillBeginning() {
        Progress progress = progress(prepared, Verb.REBOOT);
        progress.accept(new Event.Started(device(drive), 0, Event.Place.WORKER));
        progress.accept(new Event.Started(device(disk), 0, Event.Place.WORKER));

        assertThat(progress.stage()).isEqualTo(Stage.BEGINNING);
    }

    @Test
    void progressWithoutAPlanIsBeginning() {
        Progress progress = new Progress(Verb.REBOOT);

        assertThat(progress.stage()).isEqualTo(Stage.BEGINNING);
        assertThat(progress.line()).startsWith("0 of 0 down, 0 to go, ");
    }

    @Test
    void kernelTakesOverWhenAllDriversAreBeingUnbound() {
        Progress progress = progress(prepared, Verb.REBOOT);
        progress.accept(unbinding(drive, Verb.REBOOT));
        assertThat(progress.stage()).isEqualTo(Stage.ON_ITS_WAY);
        progress.accept(unbinding(disk, Verb.REBOOT));
        assertThat(progress.stage()).isEqualTo(Stage.WITH_THE_KERNEL);
    }

    @Test
    void hookWaitsForTheStopOfADisk() {
        Progress progress = progress(prepared, Verb.POWEROFF);
        progress.accept(unbinding(drive, Verb.POWEROFF));
        progress.accept(unbinding(disk, Verb.POWEROFF));
        assertThat(progress.stage()).isEqualTo(Stage.ON_ITS_WAY);
        progress.accept(done(disk));
        assertThat(progress.stage()).isEqualTo(Stage.WITH_THE_KERNEL);
    }

    @Test
    void hookWaitsForTheStopThatTheLateVerbRequires() {
        Progress progress = progress(prepared, Verb.REBOOT);
        progress.accept(unbinding(drive, Verb.REBOOT));
        progress.accept(unbinding(disk, Verb.REBOOT));
        progress.accept(done(disk));
        progress.late(Verb.POWEROFF, false);
        assertThat(progress.stage()).isEqualTo(Stage.ON_ITS_WAY);
        progress.accept(new Event.Finished(device(disk), 0, new Ending.Down()));
        assertThat(progress.stage()).isEqualTo(Stage.WITH_THE_KERNEL);
    }

    @Test
    void hookWaitsForTheStopOfADiskInFlightAtTheChangeOfVerb() {
        Progress progress = progress(prepared, Verb.REBOOT);
        progress.accept(unbinding(drive, Verb.REBOOT));
        progress.accept(unbinding(disk, Verb.REBOOT));
        progress.late(Verb.POWEROFF, false);
        assertThat(progress.stage()).isEqualTo(Stage.ON_ITS_WAY);
        progress.accept(done(disk));
        assertThat(progress.stage()).as("the stop is yet to come").isEqualTo(Stage.ON_ITS_WAY);
        progress.accept(new Event.Finished(device(disk), 0, new Ending.Down()));
        assertThat(progress.stage()).isEqualTo(Stage.WITH_THE_KERNEL);
    }

    @Test
    void hookWaitsForTheStopThatTheEarlyVerbRequired() {
        Progress progress = progress(prepared, Verb.POWEROFF);
        progress.accept(unbinding(drive, Verb.POWEROFF));
        progress.accept(unbinding(disk, Verb.POWEROFF));
        progress.late(Verb.REBOOT, false);
        assertThat(progress.stage()).isEqualTo(Stage.ON_ITS_WAY);
        progress.accept(done(disk));
        assertThat(progress.stage()).isEqualTo(Stage.WITH_THE_KERNEL);
    }

    @Test
    void currentAttributesDecideWhetherADiskIsStopped() {
        PreparedPlan auto = new PreparedPlan(Planner.assumingFree(Configs.config(Mode.ON, Map.of(), Map.of()))
                .plan(builder.build().tree()));
        Handled handled = (Handled) auto.plan().of(device(disk));
        Target planned = handled.target();
        Device scsiDisk = planned.classDevice().orElseThrow();
        assertThat(scsiDisk.attribute("manage_start_stop")).contains("1");
        Target found = new Target(
                planned.device(),
                planned.disks(),
                planned.partitions(),
                Optional.of(new Device(
                        scsiDisk.path(), "scsi_disk", false, Optional.empty(), Map.of("manage_start_stop", "0"))),
                planned.settings(),
                Optional.empty());
        Progress progress = progress(auto, Verb.POWEROFF);
        progress.accept(unbinding(drive, Verb.POWEROFF));

        progress.accept(new Event.Unbinding(device(disk), 0, new Removal(handled.method(), planned, Verb.POWEROFF)));
        assertThat(progress.stage()).isEqualTo(Stage.ON_ITS_WAY);
        progress.accept(new Event.Unbinding(device(disk), 0, new Removal(handled.method(), found, Verb.POWEROFF)));
        assertThat(progress.stage()).isEqualTo(Stage.WITH_THE_KERNEL);
    }

    @Test
    void deviceDeferredToTheExitrdIsPendingFromThenOn() {
        Progress progress = progress(prepared, Verb.REBOOT);
        progress.late(Verb.REBOOT, true);
        progress.accept(unbinding(drive, Verb.REBOOT));
        progress.accept(new Event.Deferred(
                device(disk), 0, new Reason.InUse("sda", new User.Described("mounted on /")), Event.Awaited.EXITRD));
        assertThat(progress.stage()).isEqualTo(Stage.WITH_THE_KERNEL);

        progress.late(Verb.REBOOT, false);
        assertThat(progress.stage()).isEqualTo(Stage.ON_ITS_WAY);
        progress.accept(unbinding(disk, Verb.REBOOT));
        assertThat(progress.stage()).isEqualTo(Stage.WITH_THE_KERNEL);
    }

    @Test
    void deviceDeferredToTheLatePhaseIsPending() {
        Progress progress = progress(prepared, Verb.REBOOT);
        progress.accept(unbinding(drive, Verb.REBOOT));
        progress.accept(new Event.Deferred(
                device(disk), 0, new Reason.InUse("sda", new User.Described("held by md0")), Event.Awaited.LATE_PHASE));
        progress.late(Verb.REBOOT, true);

        assertThat(progress.stage()).isEqualTo(Stage.ON_ITS_WAY);
    }

    @Test
    void deviceLeftToTheKernelIsNotPending() {
        Progress progress = progress(prepared, Verb.POWEROFF);
        progress.accept(unbinding(drive, Verb.POWEROFF));
        progress.accept(
                new Event.LeftToKernel(device(disk), 0, new Reason.InUse("sda", new User.Described("held by md0"))));

        assertThat(progress.stage()).isEqualTo(Stage.WITH_THE_KERNEL);
        assertThat(progress.line()).startsWith("0 of 1 down, 1 to go, ");
    }

    private Event left(String path, Reason reason) {
        return new Event.LeftToKernel(device(path), 0, reason);
    }

    @Test
    void failedDeviceIsNotInFlight() {
        Progress progress = progress(prepared, Verb.REBOOT);
        progress.accept(unbinding(drive, Verb.REBOOT));
        progress.accept(unbinding(disk, Verb.REBOOT));
        progress.accept(left(drive, new Reason.Failed("Operation not permitted")));
        progress.accept(left(disk, new Reason.TimedOut(Duration.ofSeconds(40), true)));

        assertThat(progress.inFlight()).as("a removal in flight takes the lock").containsExactly(device(disk));
    }

    @Test
    void deferredDeviceIsNotInFlight() {
        Progress progress = progress(prepared, Verb.REBOOT);
        progress.accept(unbinding(drive, Verb.REBOOT));
        Reason other = new Reason.NotReady(new Unready.OtherDriver("vfio-pci"));
        progress.accept(new Event.Deferred(device(drive), 0, other, Event.Awaited.EXITRD));

        assertThat(progress.inFlight()).isEmpty();
    }

    @Test
    void onlyTheLastHookWaitsForANotificationByRegisters() {
        String registers = builder.nvmeWithoutDriver("/devices/pci", "0000:02:00.0", "vfio-pci", Duration.ZERO);
        PreparedPlan all = prepare();
        Device notified = all.plan().tree().find(registers).orElseThrow();
        Handled handled = (Handled) all.plan().of(notified);
        Progress progress = progress(all, Verb.REBOOT);
        progress.accept(unbinding(drive, Verb.REBOOT));
        progress.accept(unbinding(disk, Verb.REBOOT));
        progress.accept(new Event.Unbinding(notified, 0, new Removal(handled.method(), handled.target(), Verb.REBOOT)));
        assertThat(progress.stage()).as("the kernel does not wait for it").isEqualTo(Stage.ON_ITS_WAY);

        progress.late(Verb.REBOOT, true);
        assertThat(progress.stage()).isEqualTo(Stage.WITH_THE_KERNEL);
        assertThat(progress.inFlight()).as("a notification holds no lock").doesNotContain(notified);

        progress.late(Verb.REBOOT, false);
        assertThat(progress.stage()).isEqualTo(Stage.ON_ITS_WAY);
        progress.accept(new Event.Done(notified, 0, new Ending.Down()));
        assertThat(progress.stage()).isEqualTo(Stage.WITH_THE_KERNEL);
    }

    @Test
    void disconnectionIsNotInFlight() {
        String remote = builder.fabrics("tcp", Duration.ZERO);
        PreparedPlan all = prepare();
        Device controller = all.plan().tree().find(remote).orElseThrow();
        Handled handled = (Handled) all.plan().of(controller);
        Progress progress = progress(all, Verb.REBOOT);
        progress.accept(
                new Event.Unbinding(controller, 0, new Removal(handled.method(), handled.target(), Verb.REBOOT)));
        progress.accept(new Event.LeftToKernel(controller, 0, new Reason.NetworkGone(true)));

        assertThat(progress.inFlight()).isEmpty();
    }

    @Test
    void endOfTheRunEndsAWait() throws InterruptedException {
        Progress progress = progress(prepared, Verb.REBOOT);
        progress.awaitAfter(Stage.BEGINNING, Duration.ofMillis(10));
        assertThat(progress.stage()).isEqualTo(Stage.BEGINNING);
        progress.end();
        progress.awaitAfter(Stage.BEGINNING, Duration.ofDays(1));
        assertThat(progress.stage()).isEqualTo(Stage.ENDED);
    }

    @Test
    void lineNamesTheExpectedTime() {
        Progress progress = progress(prepared, Verb.REBOOT);
        progress.expect(Optional.of(Duration.ofMillis(5_100)));
        assertThat(progress.line()).startsWith("0 of 2 down, 2 to go, ").endsWith("s (5.10s expected)");

        progress.accept(done(drive));
        progress.accept(done(disk));

        assertThat(progress.line()).startsWith("2 of 2 down, 0 to go, ").doesNotContain("expected");
    }
}
