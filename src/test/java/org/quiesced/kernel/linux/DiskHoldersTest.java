// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.HolderKind;

/** Holders of a disk are followed to the last user; the slowest to be released counts. ZFS pools are holders too. */
class DiskHoldersTest extends FakeDiskTest {
    @Test
    void holdersAreFollowedToTheirMount() throws IOException {
        mapped("dm-0", "253:0", "vg-data", "devices/x/nvme0n1/nvme0n1p1");
        mounts("36 35 253:0 / /data rw shared:1 - xfs /dev/mapper/vg-data rw");

        assertUser("held by dm-0 (vg-data), mounted on /data", Release.LATE);
    }

    @Test
    void stackBelowTheRootFileSystemIsReleasedInAnExitrd() throws IOException {
        holder("md0", "9:0", "devices/x/nvme0n1/nvme0n1p1");
        mapped("dm-0", "253:0", "crypt", "class/block/md0");
        mapped("dm-1", "253:1", "vg-root", "class/block/dm-0");
        mounts("36 1 253:1 / / rw - ext4 /dev/mapper/vg-root rw");

        assertUser("held by md0, held by dm-0 (crypt), held by dm-1 (vg-root), mounted on /", Release.EXITRD);
    }

    @Test
    void volumeGroupWithRootAndDataIsReleasedInAnExitrd() throws IOException {
        mapped("dm-0", "253:0", "vg-data", "devices/x/nvme0n1/nvme0n1p1");
        mapped("dm-1", "253:1", "vg-root", "devices/x/nvme0n1/nvme0n1p1");
        mounts(
                "40 35 253:0 / /data rw - ext4 /dev/mapper/vg-data rw",
                "36 1 253:1 / / rw - ext4 /dev/mapper/vg-root rw");

        assertUser("held by dm-1 (vg-root), mounted on /", Release.EXITRD);
    }

    @Test
    void idleArrayIsReleasedInTheLatePhase() throws IOException {
        holder("md127", "9:127", "devices/x/nvme0n1");

        assertUser("held by md127", Release.LATE);
    }

    @Test
    void multipathMapsAndTheirPartitionsAreFollowed() throws IOException {
        mapped("dm-0", "253:0", "mpatha", "devices/x/nvme0n1");
        mapped("dm-1", "253:1", "mpatha1", "class/block/dm-0");
        mounts("36 35 253:1 / /srv rw - xfs /dev/mapper/mpatha1 rw");

        assertUser("held by dm-0 (mpatha), held by dm-1 (mpatha1), mounted on /srv", Release.LATE);
    }

    @Test
    void partitionOfAnArrayIsFollowed() throws IOException {
        holder("md0", "9:0", "devices/x/nvme0n1");
        sys.inClass("/devices/virtual/block/md0/md0p1", "block", Map.of("dev", "259:9", "partition", "1"));
        mounts("36 35 259:9 / /srv rw - xfs /dev/md0p1 rw");

        assertUser("held by md0, mounted on /srv", Release.LATE);
    }

    @Test
    void bcacheIsNeverReleased() throws IOException {
        holder("bcache0", "252:0", "devices/x/nvme0n1");
        mounts("36 35 252:0 / /srv rw - xfs /dev/bcache0 rw");

        assertUser("held by bcache0, mounted on /srv", Release.NEVER);
    }

    @Test
    void bcacheWithoutADeviceIsAUser() throws IOException {
        Files.createDirectories(root.resolve("sys/devices/x/nvme0n1/bcache"));

        assertUser("held by bcache", Release.NEVER);
    }

    @Test
    void importedZfsPoolIsAUserAndIsNeverReleasedByDefault() throws IOException {
        // udev's files are in the root of the first process, which differs from the test's.
        Path udev = Files.createDirectories(root.resolve("machine/run/udev/data"));
        Files.createSymbolicLink(root.resolve("proc/1/root"), root.resolve("machine"));
        Files.writeString(udev.resolve("b259:1"), "S:disk/by-id/x\nE:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=tank\n");
        assertThat(found()).as("while it is not imported").isEmpty();

        Files.createDirectories(root.resolve("proc/spl/kstat/zfs/tank"));
        assertUser("held by the ZFS pool tank", Release.NEVER);
        assertReleased(Release.EARLY);
    }

    /** Asserts when the disk is released if ZFS pools are exported. */
    private void assertReleased(Release release) {
        assertThat(found().orElseThrow().with(Set.of(HolderKind.ZFS)).release()).isEqualTo(release);
    }

    private Path importedPool() throws IOException {
        Path udev = Files.createDirectories(root.resolve("machine/run/udev/data"));
        Files.createSymbolicLink(root.resolve("proc/1/root"), root.resolve("machine"));
        Files.writeString(udev.resolve("b259:1"), "E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=tank\n");
        Files.createDirectories(root.resolve("proc/spl/kstat/zfs/tank"));
        return udev;
    }

    @Test
    void onlyPoolsWithoutTheRootFileSystemCanBeReleasedEarly() throws IOException {
        importedPool();
        mounts("36 35 0:42 / /tank rw - zfs tank/data rw", "37 35 0:43 / /srv rw - zfs tanker/data rw");
        assertUser("held by the ZFS pool tank, mounted on /tank", Release.NEVER);
        assertReleased(Release.EARLY);

        mounts("36 35 0:42 / / rw - zfs tank/root rw", "37 35 0:43 / /tank rw - zfs tank/data rw");
        assertUser("held by the ZFS pool tank, mounted on /", Release.NEVER);
        assertReleased(Release.NEVER);

        mounts("36 35 0:42 / / ro - zfs tank@monday ro");
        assertReleased(Release.NEVER);

        mounts("36 35 0:42 / / rw - zfs tank rw");
        assertReleased(Release.NEVER);
    }

    @Test
    void poolWithAVolumeInAnArrayIsNotReleased() throws IOException {
        Path udev = importedPool();
        sys.inClass("/devices/virtual/block/zd0", "block", Map.of("dev", "230:0"));
        Files.writeString(udev.resolve("b230:0"), "S:zvol/tank/volume\n");
        holder("md0", "9:0", "devices/virtual/block/zd0");

        assertUser("held by the ZFS pool tank, held by md0", Release.NEVER);
        assertReleased(Release.NEVER);
    }

    /** On a host of virtual machines, the pools of the guests may have the same names as those of the host. */
    @Test
    void poolOfTheSameNameOnAVolumeKeepsThePoolInUse() throws IOException {
        Path udev = importedPool();
        sys.inClass("/devices/virtual/block/zd0", "block", Map.of("dev", "230:0"));
        sys.inClass("/devices/virtual/block/zd0/zd0p1", "block", Map.of("dev", "230:1", "partition", "1"));
        Files.writeString(udev.resolve("b230:0"), "S:zvol/tank/guest\n");
        Files.writeString(udev.resolve("b230:1"), "E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=tank\n");

        assertUser("held by the ZFS pool tank, held by the ZFS pool tank", Release.NEVER);
        assertReleased(Release.NEVER);
    }

    @Test
    void reservedPartitionBesideAPoolMemberHasThePoolAsUser() throws IOException {
        Path udev = importedPool();
        sys.inClass("/devices/x/nvme0n1/nvme0n1p9", "block", Map.of("dev", "259:9", "partition", "9"));
        Files.writeString(udev.resolve("b259:9"), "E:ID_PART_ENTRY_TYPE=6a945a3b-1dd2-11b2-99a6-080020736631\n");
        Device reserved = new Device("/devices/x/nvme0n1/nvme0n1p9", "block", false, Optional.empty(), Map.of());

        assertThat(table().get().ownOf(reserved).map(DiskUser::describe)).contains("held by the ZFS pool tank");
    }

    @Test
    void stackIsReleasedEarlyOnlyIfEachKindOfHolderIsStopped() throws IOException {
        mapped("dm-0", "253:0", "data", "devices/x/nvme0n1");
        holder("md0", "9:0", "class/block/dm-0");

        DiskUser user = found().orElseThrow();
        assertThat(user.release()).isEqualTo(Release.LATE);
        assertThat(user.with(Set.of(HolderKind.MD)).release()).isEqualTo(Release.LATE);
        assertThat(user.with(Set.of(HolderKind.MD, HolderKind.DM)).release()).isEqualTo(Release.EARLY);
        assertThat(HolderKind.line(user.stack().orElseThrow().kinds())).isEqualTo("release = [\"md\", \"dm\"]");
    }

    @Test
    void stackThatIsTooDeepIsNeverReleased() throws IOException {
        mapped("dm-0", "253:0", "a0", "devices/x/nvme0n1");
        for (int i = 1; i <= 9; i++) {
            mapped("dm-" + i, "253:" + i, "a" + i, "class/block/dm-" + (i - 1));
        }

        assertThat(found().map(DiskUser::release)).contains(Release.NEVER);
    }
}
