// SPDX-License-Identifier: Apache-2.0
package org.quiesced.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.Configs;
import org.quiesced.device.Device;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.Holders;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.Stack;
import org.quiesced.kernel.User;
import org.quiesced.kernel.simulated.Altered;
import org.quiesced.kernel.simulated.Fault;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.OperationLog;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Disposition.Handled;
import org.quiesced.plan.EarlyRule;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.report.PhaseType;
import org.quiesced.report.PlanReport;
import org.quiesced.shutdown.Verb;

/** A volume on an array over two drives: it is stopped top down when idle, and never otherwise. */
class HoldersTest {
    private static final String ARRAY = "/devices/virtual/block/md0";
    private static final String VOLUME = "/devices/virtual/block/dm-0";

    private final MachineBuilder builder = new MachineBuilder("holders");
    private final List<String> disks = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private Machine machine;
    private SimulatedKernel kernel;
    private Plan plan;
    /** How many stops of the volume find it open, though no user is seen. */
    private int momentarilyOpen;

    private void stack(Optional<Fault> fault, Optional<String> opener) {
        for (int i = 0; i < 2; i++) {
            String port = builder.device("/devices/pci0000:00", "0000:00:0" + i + ".0", "pci", "pcieport");
            String drive = builder.nvme(port, "0000:0" + (1 + i) + ":00.0", SteppedRun.SECOND);
            disks.add(drive + "/nvme/nvme" + i + "/nvme" + i + "n1");
            builder.inUse(
                    drive,
                    new DiskUser(
                            new User.Described("held by md0, held by dm-0"),
                            Release.LATE,
                            Optional.of(new Stack(Set.of(HolderKind.MD, HolderKind.DM), Set.of(), Release.EARLY))));
        }
        builder.classDevice(ARRAY, "block", Map.of());
        builder.classDevice(VOLUME, "block", Map.of());
        disks.forEach(disk -> builder.link(ARRAY, disk, false));
        builder.link(VOLUME, ARRAY, false);
        fault.ifPresent(what -> builder.fault(VOLUME, what));
        opener.ifPresent(who -> builder.open(VOLUME, who));
        machine = builder.build();
        kernel = new SimulatedKernel(machine);
    }

    private Kernel withMomentaryOpener() {
        Holders sound = kernel.holders();
        return Altered.with(
                new Holders() {
                    @Override
                    public boolean isThere(Device holder) {
                        return sound.isThere(holder);
                    }

                    @Override
                    public void stop(Device holder) throws IOException {
                        if (holder.path().equals(VOLUME) && momentarilyOpen-- > 0) {
                            throw new DeviceInUseException(holder, new User.Open());
                        }
                        sound.stop(holder);
                    }

                    @Override
                    public void announce(Device holder) throws IOException {
                        sound.announce(holder);
                    }
                },
                kernel);
    }

    private static Config config(String release) throws ConfigException {
        return Configs.FILES.parse(
                "test.toml", "release = [" + release + "]\n[driver.nvme]\nshutdown = \"parallel\"\n");
    }

    /** Runs the early phase, then the late phase, before which systemd-shutdown has stopped nothing. */
    private List<String> run(String release) throws ConfigException {
        Config config = config(release);
        plan = Planner.assumingFree(config).plan(kernel.readTree());
        EarlyRule rule = new EarlyRule(config.early(), Verb.REBOOT, part -> disks.contains(part.path()));
        CheckedRun checked = CheckedRun.of(machine, kernel, plan);
        Run[] run = new Run[1];
        run[0] = checked.beginning(RunOptions.early(rule), Verb.REBOOT, withMomentaryOpener(), event -> {
            events.add(event);
            if (event instanceof Event.Deferred || event instanceof Event.Done) {
                run[0].late(Verb.REBOOT, Duration.ofSeconds(80));
            }
        });
        checked.execute();
        return kernel.log().operations().stream()
                .filter(operation -> operation.kind() != OperationLog.Kind.FLUSH)
                .map(operation -> operation.kind() + " " + operation.device().name())
                .toList();
    }

    private Event.LeftToKernel left(String name) {
        return events.stream()
                .filter(Event.LeftToKernel.class::isInstance)
                .map(Event.LeftToKernel.class::cast)
                .filter(event -> event.device().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void holdersAreStoppedTopDownBeforeTheirDrives() throws ConfigException {
        stack(Optional.empty(), Optional.empty());

        List<String> done = run("\"md\", \"dm\"");

        assertThat(done.subList(0, 2)).containsExactly("STOP_HOLDER dm-0", "STOP_HOLDER md0");
        assertThat(done.subList(2, 4)).containsExactlyInAnyOrder("UNBIND 0000:01:00.0", "UNBIND 0000:02:00.0");
    }

    @Test
    void holdersAreNotStoppedByDefault() throws ConfigException {
        stack(Optional.empty(), Optional.empty());

        assertThat(run("")).isEmpty();
        assertThat(left("0000:01:00.0").reason().describe()).contains("held by md0");
    }

    @Test
    void openHolderIsNotTouchedAndHoldsBackItsDrives() throws ConfigException {
        stack(Optional.empty(), Optional.of("dm-0 is open by qemu"));

        assertThat(run("\"md\", \"dm\"")).isEmpty();
        assertThat(left("dm-0").reason().describe()).contains("open by qemu");
        assertThat(left("0000:01:00.0").reason().describe()).isEqualTo("held back by dm-0");
    }

    @Test
    void holderThatAProgramOfTheSystemHasOpenForAMomentIsStopped() throws ConfigException {
        stack(Optional.empty(), Optional.empty());
        momentarilyOpen = 3;

        assertThat(run("\"md\", \"dm\"").subList(0, 2)).containsExactly("STOP_HOLDER dm-0", "STOP_HOLDER md0");
    }

    @Test
    void holderThatStaysOpenHoldsBackItsDrives() throws ConfigException {
        stack(Optional.empty(), Optional.empty());
        momentarilyOpen = Integer.MAX_VALUE;

        assertThat(run("\"md\", \"dm\"")).isEmpty();
        assertThat(left("md0").reason().describe()).isEqualTo("held back by dm-0");
    }

    @Test
    void failedStopOfAHolderLeavesItsDrivesToTheKernel() throws ConfigException {
        stack(Optional.of(Fault.UNBIND_FAILS), Optional.empty());

        assertThat(run("\"md\", \"dm\"")).isEmpty();
        assertThat(left("md0").reason().describe()).isEqualTo("held back by dm-0");
    }

    @Test
    void onlyNamedKindsOfHoldersAreStopped() throws ConfigException {
        stack(Optional.empty(), Optional.empty());

        assertThat(run("\"md\"")).as("the volume stands on the array").isEmpty();
        assertThat(left("md0").reason().describe()).contains("md0 is in use");
    }

    @Test
    void vanishedHolderIsDown() throws ConfigException {
        stack(Optional.of(Fault.VANISHES), Optional.empty());

        run("\"dm\"");

        assertThat(events)
                .anyMatch(event ->
                        event instanceof Event.Done && event.device().name().equals("dm-0"));
    }

    @Test
    void membersOfAStoppedArrayAreAnnouncedAfterACancelledShutdown() throws Exception {
        stack(Optional.empty(), Optional.empty());
        run("\"md\", \"dm\"");
        Device array = plan.tree().find(ARRAY).orElseThrow();

        Handled handled = (Handled) plan.of(array);
        handled.method().restore(handled.target(), kernel);

        assertThat(array.attribute("members").orElseThrow().split(" ")).containsExactlyElementsOf(disks);
        assertThat(kernel.isAnnounced(ARRAY)).isTrue();
    }

    @Test
    void planNamesTheHolderAndTheSettingThatReleasesTheDrives() throws ConfigException {
        stack(Optional.empty(), Optional.empty());
        Config none = config("");
        Plan late = Planner.foreseeing(none, kernel.claims()).plan(kernel.readTree());

        assertThat(new PlanReport(late, device -> Optional.empty(), Verb.REBOOT, none)
                        .json()
                        .devices())
                .filteredOn(entry -> entry.driver().equals("nvme"))
                .hasSize(2)
                .allSatisfy(entry -> {
                    assertThat(entry.phase()).contains(PhaseType.LATE);
                    assertThat(entry.why())
                            .isEqualTo("in use now (held by md0, held by dm-0); free at shutdown, "
                                    + "early with release = [\"md\", \"dm\"]");
                });

        Config both = config("\"dm\", \"md\"");
        Plan early = Planner.foreseeing(both, kernel.claims()).plan(kernel.readTree());
        assertThat(new PlanReport(early, device -> Optional.empty(), Verb.REBOOT, both)
                        .json()
                        .devices())
                .filteredOn(entry -> entry.supported() && !entry.driver().equals("pcieport"))
                .hasSize(4)
                .allSatisfy(entry -> assertThat(entry.phase()).contains(PhaseType.EARLY));
    }
}
