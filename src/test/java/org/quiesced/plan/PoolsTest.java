// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quiesced.config.ConfigException;
import org.quiesced.config.Configs;
import org.quiesced.device.Device;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.Stack;
import org.quiesced.kernel.User;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.plan.Disposition.LeftToKernel;

/** Pools that are exported, and holders that become nodes. */
class PoolsTest {
    private static final String ARRAY = "/devices/virtual/block/md0";

    private final MachineBuilder builder = new MachineBuilder("pools");

    private static DiskUser member(String pool, Release exported) {
        return new DiskUser(
                new User.ZfsPool(pool, Optional.empty()),
                Release.NEVER,
                Optional.of(new Stack(Set.of(HolderKind.ZFS), Set.of(pool), exported)));
    }

    private String drive(int number, DiskUser user) {
        String path = builder.nvme("/devices/pci", "0000:0" + number + ":00.0", Duration.ZERO);
        builder.inUse(path, user);
        return path;
    }

    private Plan plan(String text) throws ConfigException {
        SimulatedKernel kernel = new SimulatedKernel(builder.build());
        return Planner.foreseeing(Configs.FILES.parse("quiesced.toml", "mode = \"on\"\n" + text), kernel.claims())
                .plan(kernel.readTree());
    }

    @Test
    void idlePoolsAreExportedIfConfigured() throws ConfigException {
        drive(1, member("tank", Release.EARLY));
        drive(2, member("tank", Release.EARLY));
        drive(3, member("backup", Release.EARLY));

        assertThat(Pools.of(plan("release = [\"zfs\"]\n"))).containsExactly("backup", "tank");
        assertThat(Pools.of(plan(""))).isEmpty();
        assertThat(Pools.of(plan("release = [\"md\", \"dm\", \"bcache\"]\n"))).isEmpty();
    }

    @Test
    void poolOfTheRootFileSystemIsNeverExported() throws ConfigException {
        drive(1, member("rpool", Release.NEVER));
        drive(2, member("rpool", Release.EXITRD));

        assertThat(Pools.of(plan("release = [\"zfs\"]\n"))).isEmpty();
    }

    @Test
    void modeOffExportsNoPool() throws ConfigException {
        drive(1, member("tank", Release.EARLY));
        SimulatedKernel kernel = new SimulatedKernel(builder.build());

        assertThat(Pools.of(Planner.foreseeing(
                                Configs.FILES.parse("quiesced.toml", "mode = \"off\"\nrelease = [\"zfs\"]\n"),
                                kernel.claims())
                        .plan(kernel.readTree())))
                .isEmpty();
    }

    @Test
    void poolOnANetworkDriveIsNotExported() throws ConfigException {
        drive(1, member("tank", Release.EARLY));
        String target = builder.fabrics("tcp", Duration.ZERO);
        builder.inUse(target, member("tank", Release.EARLY));

        Plan plan = plan("release = [\"zfs\"]\n[driver.nvme-tcp]\nshutdown = \"parallel\"\n");

        assertThat(Pools.of(plan)).isEmpty();
        assertThat(plan.of(plan.tree().find(target).orElseThrow())).isInstanceOf(LeftToKernel.class);
    }

    private Device array(String release, String member) throws ConfigException {
        builder.classDevice(ARRAY, "block", Map.of());
        builder.link(ARRAY, member, false);
        return plan("release = [" + release + "]\n").tree().find(ARRAY).orElseThrow();
    }

    @Test
    void arrayBecomesANodeIfConfigured() throws ConfigException {
        String disk = drive(1, new DiskUser("held by md0", Release.LATE)) + "/nvme/nvme0/nvme0n1";

        assertThat(array("\"md\"", disk).isHolder()).isTrue();
        assertThat(plan("").tree().find(ARRAY).orElseThrow().isHolder()).isFalse();
        assertThat(plan("release = [\"md\"]\n[device.\"md0\"]\nshutdown = \"kernel\"\n")
                        .tree()
                        .find(ARRAY)
                        .orElseThrow()
                        .isHolder())
                .isFalse();
    }

    @Test
    void holderOnANetworkDriveIsNotStopped() throws ConfigException {
        String disk = builder.fabrics("tcp", Duration.ZERO) + "/nvme0n1";

        String partition = disk + "/nvme0n1p1";
        builder.classDevice(partition, "block", Map.of());

        assertThat(array("\"md\"", partition).isHolder()).isFalse();
    }
}
