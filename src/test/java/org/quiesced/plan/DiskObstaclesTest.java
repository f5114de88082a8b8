// SPDX-License-Identifier: Apache-2.0
package org.quiesced.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.User;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.kernel.simulated.MachineBuilder;

/** Two disks in use: one with a visible user, one whose user is found only by a claim. */
class DiskObstaclesTest {
    private static final DiskUser MOUNT = new DiskUser("mounted at /srv", DiskUser.Release.EARLY);

    private final List<Device> claimed = new ArrayList<>();
    private Device shown;
    private Device hidden;

    private final BlockClaims claims = new BlockClaims() {
        @Override
        public Claim claim(Device disk) throws DeviceInUseException {
            claimed.add(disk);
            throw new DeviceInUseException(disk, new User.Described("somebody"));
        }

        @Override
        public VisibleUsers visibleUsers() {
            return new VisibleUsers() {
                @Override
                public Optional<DiskUser> of(Device disk) {
                    return disk.equals(shown) ? Optional.of(MOUNT) : Optional.empty();
                }

                @Override
                public Optional<DiskUser> ownOf(Device part) {
                    return of(part);
                }
            };
        }
    };

    @BeforeEach
    void twoDisks() {
        MachineBuilder builder = new MachineBuilder("two disks");
        String one = builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(3));
        String two = builder.nvme("/devices/pci", "0000:02:00.0", Duration.ofSeconds(3));
        shown = builder.build().tree().find(one + "/nvme/nvme0/nvme0n1").orElseThrow();
        hidden = builder.build().tree().find(two + "/nvme/nvme1/nvme1n1").orElseThrow();
    }

    private Optional<DiskUser> user(DiskObstacles obstacles, Device disk) {
        return obstacles.scan().against(disk, List.of()).map(DiskUse::user);
    }

    @Test
    void claimFindsInvisibleUsersAndSkipsDisksWithVisibleUsers() {
        DiskObstacles obstacles = new ClaimedDisks(claims);

        assertThat(user(obstacles, shown)).contains(MOUNT);
        assertThat(claimed).isEmpty();
        assertThat(user(obstacles, hidden)).contains(new DiskUser("somebody", DiskUser.Release.NEVER));
        assertThat(claimed).containsExactly(hidden);
    }

    @Test
    void visibleUsersAreFoundWithoutAClaim() {
        DiskObstacles obstacles = new VisiblyUsedDisks(claims);

        assertThat(user(obstacles, shown)).contains(MOUNT);
        assertThat(user(obstacles, hidden)).isEmpty();
        assertThat(claimed).isEmpty();
    }

    @Test
    void assumedFreeDisksHaveNoUser() {
        DiskObstacles obstacles = new AssumedFreeDisks();

        assertThat(user(obstacles, shown)).isEmpty();
        assertThat(user(obstacles, hidden)).isEmpty();
        assertThat(claimed).isEmpty();
    }
}
