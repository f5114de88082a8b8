// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.config.Settings;
import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;

/** Users of disks, found by scans, and by a claim where no user is visible. */
class UsedDisksTest {
    private static final Config ALL = Configs.config(Mode.ON, Map.of(), Map.of());

    private final MachineBuilder builder = new MachineBuilder("look");
    private final String mounted = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ZERO);
    private final String spare = builder.nvme("/devices/pci", "0000:02:00.0", Duration.ZERO);
    private final String disk = builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ZERO);

    UsedDisksTest() {
        builder.inUse(mounted, "mounted on /srv").inUse(disk, "held by md0");
    }

    /** Returns claims that find visible users, but cannot open a disk. */
    private BlockClaims brokenClaims() {
        BlockClaims claims = new SimulatedKernel(builder.build()).claims();
        return new BlockClaims() {
            @Override
            public Claim claim(Device device) throws IOException {
                throw new IOException(device.name() + ": Input/output error");
            }

            @Override
            public VisibleUsers visibleUsers() {
                return claims.visibleUsers();
            }
        };
    }

    /** Returns claims that count the scans for visible users. */
    private BlockClaims counted(AtomicInteger looks) {
        BlockClaims claims = new SimulatedKernel(builder.build()).claims();
        return new BlockClaims() {
            @Override
            public Claim claim(Device device) throws IOException {
                return claims.claim(device);
            }

            @Override
            public VisibleUsers visibleUsers() {
                looks.incrementAndGet();
                return claims.visibleUsers();
            }
        };
    }

    private Disposition of(Plan plan, String path) {
        return plan.of(plan.tree().find(path).orElseThrow());
    }

    @Test
    void disksWithAVisibleUserAreFoundWithoutOpeningThem() {
        Plan plan = Planner.assumingFree(ALL).plan(builder.build().tree());

        assertThat(UsedDisks.usedOf(plan, brokenClaims()))
                .containsExactlyInAnyOrder(mounted + "/nvme/nvme0/nvme0n1", disk + "/block/sda");
    }

    @Test
    void visibleUsersAreReadOnceForAllDisks() {
        AtomicInteger looks = new AtomicInteger();
        BlockClaims claims = counted(looks);
        Plan plan = Planner.assumingFree(ALL).plan(builder.build().tree());

        UsedDisks.usedOf(plan, claims);
        assertThat(looks).hasValue(1);

        Planner.byVisibleUsers(ALL, claims, new SimulatedKernel(builder.build()).attributes(), DiskUser.Release.LATE)
                .plan(builder.build().tree());
        assertThat(looks).hasValue(2);
    }

    @Test
    void disksLeftToTheKernelAreNotScanned() {
        Config nvmeOnly = Configs.config(Mode.ON, Map.of("sd", Configs.settings(Settings.Shutdown.KERNEL)), Map.of());
        Plan plan = Planner.assumingFree(nvmeOnly).plan(builder.build().tree());

        assertThat(UsedDisks.usedOf(plan, brokenClaims())).containsExactly(mounted + "/nvme/nvme0/nvme0n1");
    }

    @Test
    void planByVisibleUsersLeavesDisksInUse() {
        SimulatedKernel kernel = new SimulatedKernel(builder.build());
        Plan plan = Planner.byVisibleUsers(ALL, kernel.claims(), kernel.attributes(), DiskUser.Release.LATE)
                .plan(kernel.readTree());

        assertThat(plan.driven().stream().filter(plan::handles).map(Device::path))
                .containsExactly(spare);
    }

    @Test
    void diskThatCannotBeOpenedIsLeftToTheKernel() {
        Disposition left = new Disposition.LeftToKernel(new Reason.Unknowable("nvme1n1: Input/output error"));

        assertThat(of(new Planner(ALL, brokenClaims()).plan(builder.build().tree()), spare))
                .isEqualTo(left);
        assertThat(of(
                        Planner.foreseeing(ALL, brokenClaims())
                                .plan(builder.build().tree()),
                        spare))
                .as("a disk that cannot be opened has no known release")
                .isEqualTo(left);
    }
}
