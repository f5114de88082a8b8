// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.ConfigException;
import org.quiesced.config.Configs;
import org.quiesced.config.Early;
import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.User;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.shutdown.Verb;

/** A forecast plan describes the coming shutdown, and not the current state. */
class ForecastTest {
    private static final String ADAPTER = "[driver.mpt3sas]\nmethod = \"unbind\"\nshutdown = \"parallel\"\n";

    private final MachineBuilder builder = new MachineBuilder("server");
    private final String root = drive(1, new DiskUser("mounted on /", Release.NEVER));
    private final String data = drive(2, new DiskUser("mounted on /srv/a", Release.EARLY));
    private final String array = drive(3, new DiskUser("held by md0, mounted on /srv/b", Release.LATE));
    private final String spare = builder.nvme("/devices/pci", "0000:04:00.0", Duration.ZERO);

    private String drive(int number, DiskUser user) {
        String path = builder.nvme("/devices/pci", "0000:0" + number + ":00.0", Duration.ZERO);
        builder.inUse(path, user);
        return path;
    }

    private static Config config(String text) throws ConfigException {
        return Configs.FILES.parse("quiesced.toml", "mode = \"on\"\n" + text);
    }

    private Plan foresee(String text) throws ConfigException {
        Machine machine = builder.build();
        return Planner.foreseeing(config(text), new SimulatedKernel(machine).claims())
                .plan(machine.tree());
    }

    private static Disposition of(Plan plan, String path) {
        return plan.of(plan.tree().find(path).orElseThrow());
    }

    private static List<String> early(Plan plan, Early early) {
        return EarlyForecast.of(plan, early, Verb.REBOOT).stream()
                .map(Device::path)
                .sorted()
                .toList();
    }

    @Test
    void driveInUseNowAndFreeAtShutdownIsHandled() throws ConfigException {
        Plan plan = foresee("");

        assertThat(plan.handles(plan.tree().find(data).orElseThrow())).isTrue();
        assertThat(plan.handles(plan.tree().find(array).orElseThrow())).isTrue();
        assertThat(((Disposition.Handled) of(plan, data)).usedNow())
                .extracting(use -> use.user().describe())
                .containsExactly("mounted on /srv/a");
        assertThat(((Disposition.Handled) of(plan, spare)).usedNow()).isEmpty();
    }

    @Test
    void driveThatStaysInUseIsLeftToTheKernel() throws ConfigException {
        Plan plan = foresee("");

        assertThat(of(plan, root))
                .isEqualTo(
                        new Disposition.LeftToKernel(new Reason.InUse("nvme0n1", new User.Described("mounted on /"))));
    }

    @Test
    void planForTheMomentLeavesDrivesInUse() throws ConfigException {
        Machine machine = builder.build();
        Plan plan = new Planner(config(""), new SimulatedKernel(machine).claims()).plan(machine.tree());

        assertThat(plan.driven().stream().filter(plan::handles).map(Device::path))
                .containsExactly(spare);
    }

    @Test
    void invisibleUserStays() throws ConfigException {
        BlockClaims claims = new BlockClaims() {
            @Override
            public Claim claim(Device disk) throws DeviceInUseException {
                throw new DeviceInUseException(disk, new User.Described("claimed by an unknown holder"));
            }

            @Override
            public VisibleUsers visibleUsers() {
                return VisibleUsers.NONE;
            }
        };
        Plan plan = Planner.foreseeing(config(""), claims).plan(builder.build().tree());

        assertThat(of(plan, spare))
                .isEqualTo(new Disposition.LeftToKernel(
                        new Reason.InUse("nvme3n1", new User.Described("claimed by an unknown holder"))));
        assertThat(Planner.byVisibleUsers(
                                config(""),
                                claims,
                                new SimulatedKernel(builder.build()).attributes(),
                                DiskUser.Release.LATE)
                        .plan(builder.build().tree())
                        .count(Disposition.Lane.PARALLEL))
                .as("disks opened by claims")
                .isEqualTo(4);
    }

    @Test
    void supplierOfADriveThatStaysInUseIsHeldBack() throws ConfigException {
        Plan before = foresee("");
        builder.link(root, spare, false);

        assertThat(before.handles(before.tree().find(spare).orElseThrow())).isTrue();
        assertThat(of(foresee(""), spare)).isInstanceOf(Disposition.LeftToKernel.class);
    }

    @Test
    void releasedDrivesGoEarlyByDefault() throws ConfigException {
        assertThat(early(foresee(""), Early.RELEASED)).containsExactly(data);
    }

    @Test
    void unusedDrivesGoEarlyOnlyWithEarlyFree() throws ConfigException {
        assertThat(early(foresee(""), Early.FREE)).containsExactly(data, spare);
        assertThat(early(foresee(""), Early.NEVER)).isEmpty();
    }

    @Test
    void driveWithAnUnusedDiskIsNotReleased() throws ConfigException {
        builder.classDevice(data + "/nvme/nvme1/nvme1n2", "block", Map.of("size", "8"));

        assertThat(early(foresee(""), Early.RELEASED)).isEmpty();
    }

    private String partitioned(String address, String... partitions) {
        String path = builder.device("/devices/pci", address, "virtio", "nothing");
        builder.classDevice(path + "/block/vda", "block", Map.of("size", "1953525168"));
        for (String partition : partitions) {
            builder.classDevice(path + "/block/vda/" + partition, "block", Map.of("size", "4096"));
        }
        return path;
    }

    @Test
    void driveWithAnUnusedPartitionIsNotReleased() throws ConfigException {
        String disk = partitioned("virtio0", "vda1", "vda2");
        builder.inUse(disk + "/block/vda", new DiskUser("mounted on /srv/v", Release.EARLY));
        String unbind = "[driver.nothing]\nmethod = \"unbind\"\n";
        assertThat(early(foresee(unbind), Early.RELEASED)).containsExactly(data, disk);

        builder.classDevice(disk + "/block/vda/vda3", "block", Map.of("size", "4096"));
        Plan plan = foresee(unbind);
        assertThat(early(plan, Early.RELEASED)).containsExactly(data);
        assertThat(((Disposition.Handled) of(plan, disk)).usedNow().get(0).unused())
                .containsExactly("vda3");
        assertThat(early(plan, Early.FREE)).contains(disk);
    }

    @Test
    void userOfAWholeDiskCountsForItsPartitions() throws ConfigException {
        String disk = partitioned("virtio0");
        builder.inUse(disk, new DiskUser("mounted on /srv/v", Release.EARLY));
        builder.classDevice(disk + "/block/vda/vda1", "block", Map.of("size", "4096"));
        builder.classDevice(disk + "/block/vda/vda2", "block", Map.of("size", "4096"));

        assertThat(early(foresee("[driver.nothing]\nmethod = \"unbind\"\n"), Early.RELEASED))
                .containsExactly(data, disk);
    }

    @Test
    void configurationKeepsADriveOutOfTheEarlyPhase() throws ConfigException {
        Plan plan = foresee("[device.\"nvme1\"]\nphases = { reboot = [\"late\"] }\n");

        assertThat(early(plan, Early.RELEASED)).isEmpty();
        assertThat(EarlyForecast.of(plan, Early.RELEASED, Verb.POWEROFF)).hasSize(1);
    }

    @Test
    void supplierOfALateDriveIsLate() throws ConfigException {
        builder.link(array, data, false);

        assertThat(early(foresee(""), Early.RELEASED)).isEmpty();
    }

    @Test
    void ancestorOfALateDriveIsLate() throws ConfigException {
        String adapter = builder.device("/devices/pci", "0000:05:00.0", "pci", "mpt3sas");
        String host = builder.device(adapter, "host0", "scsi", "");
        String first = builder.scsiDisk(host, "0:0:0:0", Duration.ZERO);
        String second = builder.scsiDisk(host, "0:0:1:0", Duration.ZERO);
        builder.inUse(first, new DiskUser("mounted on /srv/c", Release.EARLY));
        builder.inUse(second, new DiskUser("mounted on /srv/d", Release.EARLY));
        assertThat(early(foresee(ADAPTER), Early.RELEASED)).containsExactly(data, adapter, first, second);

        builder.inUse(second, new DiskUser("held by md1", Release.LATE));
        assertThat(early(foresee(ADAPTER), Early.RELEASED)).containsExactly(data, first);
    }
}
