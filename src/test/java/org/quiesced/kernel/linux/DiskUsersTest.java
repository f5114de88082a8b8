// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.device.Device;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.VisibleUsers;

/** Users of a disk are found in mounts and swap. */
class DiskUsersTest extends FakeDiskTest {
    @Test
    void unusedDiskHasNoUser() {
        assertThat(user()).isEmpty();
    }

    @Test
    void mountOfAPartitionIsAUser() throws IOException {
        Files.writeString(
                root.resolve("proc/1/mountinfo"),
                "36 35 259:1 / /srv/my\\040files rw,noatime shared:1 - ext4 /dev/nvme0n1p1 rw\n");

        assertThat(user()).contains("mounted on /srv/my files");
    }

    @Test
    void partitionHasOnlyItsOwnUsers() throws IOException {
        mounts("36 35 259:1 / /srv rw - ext4 /dev/nvme0n1p1 rw");
        MountTable table = table();
        Device partition = new Device("/devices/x/nvme0n1/nvme0n1p1", "block", false, Optional.empty(), Map.of());

        assertThat(table.get().ownOf(DISK)).isEmpty();
        assertUser(table.get().ownOf(partition), "mounted on /srv", Release.EARLY);

        mounts();
        mapped("dm-0", "254:0", "vg-data", "devices/x/nvme0n1");
        assertUser(table.get().ownOf(DISK), "held by dm-0 (vg-data)", Release.LATE);
        assertThat(table.get().ownOf(partition)).isEmpty();
    }

    @Test
    void eachScanReadsTheMountsAgain() throws IOException {
        MountTable table = table();
        assertThat(table.get().of(DISK)).isEmpty();

        mounts("36 35 259:0 / /srv rw - ext4 /dev/nvme0n1 rw");
        assertUser(table.get().of(DISK), "mounted on /srv", Release.EARLY);
        assertUser(table.get().of(DISK), "mounted on /srv", Release.EARLY);

        mounts("37 35 0:42 / /run rw - tmpfs tmpfs rw");
        assertThat(table.get().of(DISK)).isEmpty();
    }

    @Test
    void mountsAndSwapAreReadOncePerScan() throws IOException {
        List<Device> disks = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        StringBuilder swaps = new StringBuilder("Filename Type Size Used Priority\n");
        for (int i = 1; i <= 50; i++) {
            String name = "nvme" + i + "n1";
            sys.inClass("/devices/x/" + name, "block", Map.of("dev", "259:" + 100 * i));
            disks.add(new Device("/devices/x/" + name, "block", false, Optional.empty(), Map.of()));
            if (i % 2 == 0) {
                lines.add(i + " 1 259:" + 100 * i + " / /srv/" + i + " rw - ext4 /dev/" + name + " rw");
            } else {
                swaps.append("/dev/" + name + " partition 1 0 -2\n");
            }
        }
        mounts(lines.toArray(String[]::new));
        Files.writeString(root.resolve("proc/swaps"), swaps);
        VisibleUsers look = table().get();
        // Later reads find no user.
        Files.delete(root.resolve("proc/1/mountinfo"));
        Files.delete(root.resolve("proc/swaps"));

        assertThat(disks).allSatisfy(disk -> assertThat(look.of(disk)).isPresent());
        assertThat(disks).allSatisfy(disk -> assertThat(look.ownOf(disk)).isPresent());
    }

    @Test
    void mountWithAnAnonymousNumberIsFoundByItsSource() throws IOException {
        Files.writeString(root.resolve("proc/1/mountinfo"), "36 35 0:42 / /pool rw shared:1 - btrfs /dev/nvme0n1 rw\n");

        assertThat(user()).contains("mounted on /pool");
    }

    @Test
    void ownMountsCountWhenTheFirstProcessIsInvisible() throws IOException {
        Files.createDirectories(root.resolve("proc/self"));
        Files.delete(root.resolve("proc/1/mountinfo"));
        Files.writeString(root.resolve("proc/self/mountinfo"), "36 35 259:1 / /srv rw - ext4 /dev/nvme0n1p1 rw\n");

        assertThat(user()).contains("mounted on /srv");
    }

    @Test
    void swapOnAPartitionIsAUser() throws IOException {
        Files.writeString(
                root.resolve("proc/swaps"),
                "Filename Type Size Used Priority\n/dev/nvme0n1p1                          partition 1 0 -2\n");

        assertThat(user()).contains("used as swap");
    }

    @Test
    void dataFileSystemIsReleasedBeforeTheEarlyPhase() throws IOException {
        mounts("36 35 259:1 / /srv rw - ext4 /dev/nvme0n1p1 rw");

        assertUser("mounted on /srv", Release.EARLY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/usr"})
    void rootFileSystemIsReleasedInAnExitrd(String point) throws IOException {
        mounts("36 35 259:1 / " + point + " rw - ext4 /dev/nvme0n1p1 rw");

        assertUser("mounted on " + point, Release.EXITRD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/run/initramfs", "/run/initramfs/live"})
    void fileSystemOfTheInitramfsIsNeverReleased(String point) throws IOException {
        mounts("36 35 259:1 / " + point + " rw - ext4 /dev/nvme0n1p1 rw");

        assertUser("mounted on " + point, Release.NEVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/boot", "/usr/local", "/home", "/run/media/stick", "/run/initramfs-not", "/var"})
    void otherFileSystemsAreReleasedBeforeTheEarlyPhase(String point) throws IOException {
        mounts("36 35 259:1 / " + point + " rw - ext4 /dev/nvme0n1p1 rw");

        assertUser("mounted on " + point, Release.EARLY);
    }

    @Test
    void bindMountOfTheRootFileSystemDoesNotHideRoot() throws IOException {
        mounts("40 35 259:1 /home /export rw - ext4 /dev/nvme0n1p1 rw", "36 1 259:1 / / rw - ext4 /dev/nvme0n1p1 rw");

        assertUser("mounted on /", Release.EXITRD);
    }

    @Test
    void mountOfTheWholeFileSystemIsNamed() throws IOException {
        mounts(
                "40 35 259:1 /part /export rw - ext4 /dev/nvme0n1p1 rw",
                "41 35 259:1 / /srv rw - ext4 /dev/nvme0n1p1 rw");

        assertUser("mounted on /srv", Release.EARLY);
    }

    @Test
    void userThatStaysLongestIsNamed() throws IOException {
        sys.inClass("/devices/x/nvme0n1/nvme0n1p2", "block", Map.of("dev", "259:2", "partition", "2"));
        mounts("40 35 259:1 / /boot/efi rw - vfat /dev/nvme0n1p1 rw", "36 1 259:2 / / rw - ext4 /dev/nvme0n1p2 rw");

        assertUser("mounted on /", Release.EXITRD);
    }

    @Test
    void swapIsReleasedBeforeTheEarlyPhase() throws IOException {
        Files.writeString(
                root.resolve("proc/swaps"),
                "Filename Type Size Used Priority\n/dev/nvme0n1p1                          partition 1 0 -2\n");

        assertUser("used as swap", Release.EARLY);
    }

    @ParameterizedTest
    @ValueSource(chars = {0x1b, 0x9b})
    void controlCharactersInMountPointsAreReplaced(char control) throws IOException {
        mounts("36 35 259:1 / /srv/" + control + "[2Jx\\012y rw - ext4 /dev/nvme0n1p1 rw");

        assertUser("mounted on /srv/?[2Jx?y", Release.EARLY);
    }
}
