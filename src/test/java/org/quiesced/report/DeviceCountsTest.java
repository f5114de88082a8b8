// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.Configs;
import org.quiesced.device.Device;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.User;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.method.Ending;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.plan.Reason;
import org.quiesced.run.Event;
import org.quiesced.run.Timeline;
import org.quiesced.shutdown.Verb;

/** Totals count drives and not every device, and name the drives left to the kernel. */
class DeviceCountsTest {
    private final MachineBuilder builder = new MachineBuilder("sums");
    private final List<String> drives = new ArrayList<>();

    private void drives(int count) {
        for (int i = 0; i < count; i++) {
            String port = builder.device("/devices/pci", "0000:00:" + (10 + drives.size()) + ".0", "pci", "pcieport");
            drives.add(builder.nvme(port, "0000:" + (10 + drives.size()) + ":00.0", Duration.ofSeconds(1)));
        }
    }

    private static Config config(String text) throws ConfigException {
        return Configs.FILES.parse("quiesced.toml", "mode = \"on\"\n" + text);
    }

    private Plan plan(String text) throws ConfigException {
        Machine machine = builder.build();
        return Planner.foreseeing(config(text), new SimulatedKernel(machine).claims())
                .plan(machine.tree());
    }

    private String summary(String text) throws ConfigException {
        return new PlanReport(plan(text), builder.build(), Verb.REBOOT, config(text)).summary();
    }

    private Device device(String path) {
        return builder.build().tree().find(path).orElseThrow();
    }

    private String run(Event... events) {
        Plan plan = Planner.assumingFree(Config.DEFAULT).plan(builder.build().tree());
        return new DeviceCounts(plan).of(new Timeline(Verb.REBOOT, List.of(events), Duration.ofSeconds(3)));
    }

    private List<Event> planned(Event... last) {
        List<Event> events = new ArrayList<>();
        for (String drive : drives) {
            events.add(new Event.Planned(device(drive), 0, null));
        }
        events.addAll(List.of(last));
        return events;
    }

    @Test
    void bridgesAreNotCounted() throws ConfigException {
        drives(12);

        assertThat(summary("")).isEqualTo("12 drives in parallel");
    }

    @Test
    void singleDriveIsSingular() throws ConfigException {
        drives(1);

        assertThat(summary("")).isEqualTo("1 drive in parallel");
    }

    @Test
    void driveLeftToTheKernelIsNamedWithItsReason() throws ConfigException {
        drives(4);
        builder.inUse(drives.get(3), "mounted on /");

        assertThat(summary("")).isEqualTo("3 drives in parallel, 1 left to the kernel (nvme3: in use, mounted on /)");
    }

    @Test
    void drivesWithTheSameReasonAreGrouped() throws ConfigException {
        drives(9);
        drives.forEach(drive -> builder.inUse(drive, "held by md0, mounted on /"));

        assertThat(summary(""))
                .isEqualTo("nothing to shut down, 9 left to the kernel (nvme0, nvme1, nvme2 and 6 more: in use, held by"
                        + " md0, mounted on /)");
    }

    @Test
    void manyReasonsAreAbbreviated() throws ConfigException {
        drives(5);
        for (int i = 0; i < 5; i++) {
            builder.inUse(drives.get(i), "mounted on /" + i);
        }

        assertThat(summary(""))
                .isEqualTo("nothing to shut down, 5 left to the kernel (nvme0: in use, mounted on /0; nvme1: in use,"
                        + " mounted on /1; nvme2: in use, mounted on /2; 2 more for other reasons)");
    }

    @Test
    void drivesInUseNowAndFreeAtShutdownAreCounted() throws ConfigException {
        drives(2);
        drives.forEach(drive -> builder.inUse(drive, new DiskUser("mounted on /srv", Release.EARLY)));

        assertThat(summary("")).isEqualTo("2 drives in parallel (2 in use now, free at shutdown)");
    }

    @Test
    void otherOptedInDevicesAreCountedAsDevices() throws ConfigException {
        String adapter = builder.device("/devices/pci", "0000:05:00.0", "pci", "mpt3sas");
        String disk = builder.scsiDisk(builder.device(adapter, "host0", "scsi", ""), "0:0:0:0", Duration.ZERO);
        String text = "[driver.mpt3sas]\nmethod = \"unbind\"\nshutdown = \"parallel\"\n";
        assertThat(summary(text)).isEqualTo("1 drive and 1 device in parallel");

        builder.inUse(disk, "mounted on /");
        assertThat(summary(text))
                .isEqualTo("nothing to shut down, 1 drive and 1 device left to the kernel (0000:05:00.0 and sda: in"
                        + " use, mounted on /)");
    }

    @Test
    void diskWithoutAMethodIsADriveAndAnOpticalDriveIsNot() throws ConfigException {
        String virtio = builder.device("/devices/pci", "virtio0", "virtio", "virtio_blk");
        builder.classDevice(virtio + "/block/vda", "block", Map.of());
        String optical = builder.device("/devices/pci", "1:0:0:0", "scsi", "sr");
        builder.classDevice(optical + "/block/sr0", "block", Map.of());

        assertThat(summary(""))
                .isEqualTo("nothing to shut down, 1 left to the kernel (vda: no method for driver virtio_blk)");
    }

    @Test
    void runIsSummarisedLikeAPlan() {
        drives(2);
        Event down = new Event.Done(device(drives.get(0)), 5, new Ending.Down());
        Event left = new Event.LeftToKernel(
                device(drives.get(1)), 5, new Reason.InUse("nvme1n1", new User.Described("mounted on /")));

        assertThat(run(down, left)).isEqualTo("1 drive down, 1 left to the kernel (nvme1: in use, mounted on /)");
        assertThat(run(down)).isEqualTo("1 drive down");
    }

    @Test
    void unconfirmedDriveIsNotDown() {
        drives(2);
        Event down = new Event.Done(device(drives.get(0)), 5, new Ending.Down());
        Event silent = new Event.Done(device(drives.get(1)), 5, new Ending.Unconfirmed(Duration.ofSeconds(10)));

        assertThat(run(down, silent)).isEqualTo("1 drive down, 1 drive unbound but not confirmed (nvme1)");
    }

    @Test
    void driveThatDidNotStopIsDown() {
        drives(2);
        Event down = new Event.Done(device(drives.get(0)), 5, new Ending.Down());
        Event running = new Event.Done(device(drives.get(1)), 5, new Ending.Down());
        Event finished = new Event.Finished(device(drives.get(1)), 9, new Ending.NotStopped("no answer"));

        assertThat(run(down, running, finished)).isEqualTo("2 drives down (not stopped: nvme1)");
    }

    @Test
    void restoredDriveIsNotDown() {
        drives(1);
        Event down = new Event.Done(device(drives.get(0)), 5, new Ending.Down());

        assertThat(run(down, new Event.Restored(device(drives.get(0)), 9))).isEqualTo("0 drives down");
    }

    @Test
    void logBeginsAndEndsWithTheSummary() throws ConfigException {
        drives(2);
        EventMessages messages = new EventMessages(plan(""), EventMessages.Severity.INFO);
        assertThat(messages.beginning("reboot").text()).isEqualTo("reboot: shutting down 2 drives in parallel");
        assertThat(new EventMessages(plan("[driver.nvme]\nshutdown = \"serial\"\n"), EventMessages.Severity.INFO)
                        .beginning("halt")
                        .text())
                .isEqualTo("halt: shutting down 2 drives one by one");
        assertThat(new EventMessages(plan("[driver.nvme]\nshutdown = \"kernel\"\n"), EventMessages.Severity.INFO)
                        .beginning("halt")
                        .text())
                .isEqualTo("halt: nothing to shut down");

        Event down = new Event.Done(device(drives.get(0)), 5, new Ending.Down());
        assertThat(messages.end(new Timeline(Verb.REBOOT, planned(down), Duration.ofMillis(3200)))
                        .text())
                .isEqualTo("end: 1 drive down, in 3.20s");
    }

    @Test
    void planNamesCurrentUserAndPhaseOfADrive() throws ConfigException {
        drives(2);
        builder.inUse(drives.get(0), new DiskUser("mounted on /srv/a", Release.EARLY));
        PlanJson json = new PlanReport(plan(""), builder.build(), Verb.REBOOT, config("")).json();

        PlanJson.Entry used = json.devices().get(1);
        assertThat(used.why()).isEqualTo("in use now (mounted on /srv/a); free at shutdown");
        assertThat(used.usedNow().map(PlanJson.UsedNow::describe)).contains("mounted on /srv/a");
        assertThat(used.phase()).contains(PhaseType.EARLY);
        assertThat(json.devices().get(3).phase()).contains(PhaseType.LATE);
        assertThat(json.devices().get(0).phase()).as("a bridge").isEmpty();
        assertThat(json.totals().drives()).isEqualTo(2);
        assertThat(json.totals().drivesUsedNow()).isEqualTo(1);
        assertThat(json.totals().drivesEarly()).isEqualTo(1);
        assertThat(json.totals().drivesLeft()).isZero();
        assertThat(json.totals().kernel()).as("devices of any kind").isEqualTo(2);
        assertThat(json.totals().expected()).isEqualTo(1);
    }

    @Test
    void planNamesThePartitionThatKeepsADriveOutOfTheEarlyPhase() throws ConfigException {
        drives(1);
        String disk = drives.get(0) + "/nvme/nvme0/nvme0n1";
        builder.classDevice(disk + "/nvme0n1p1", "block", Map.of("size", "4096"));
        builder.inUse(disk, new DiskUser("mounted on /srv/a", Release.EARLY));
        builder.classDevice(disk + "/nvme0n1p2", "block", Map.of("size", "4096"));
        PlanJson json = new PlanReport(plan(""), builder.build(), Verb.REBOOT, config("")).json();

        assertThat(json.devices().get(1).phase()).contains(PhaseType.LATE);
        assertThat(json.devices().get(1).why())
                .isEqualTo("in use now (mounted on /srv/a); free at shutdown, but late: no visible user of nvme0n1p2");

        String free = "early = \"free\"\n";
        assertThat(new PlanReport(plan(free), builder.build(), Verb.REBOOT, config(free))
                        .json()
                        .devices()
                        .get(1)
                        .why())
                .isEqualTo("in use now (mounted on /srv/a); free at shutdown");
    }
}
