// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.device.Device;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.DiskUser.Release;
import org.quiesced.kernel.HolderKind;
import org.quiesced.kernel.VisibleUsers;

/** Users of a disk are found in mounts, swap and holders. */
class DiskUsersTest {
    private static final Device DISK = new Device("/devices/x/nvme0n1", "block", false, Optional.empty(), Map.of());

    @TempDir
    private Path root;

    private FakeSysfs sys;

    @BeforeEach
    void makeDisk() throws IOException {
        Files.createDirectories(root.resolve("proc/1"));
        Files.writeString(root.resolve("proc/1/mountinfo"), "");
        Files.writeString(root.resolve("proc/swaps"), "Filename\tType\tSize\tUsed\tPriority\n");
        sys = new FakeSysfs(root.resolve("sys"))
                .inClass("/devices/x/nvme0n1", "block", Map.of("dev", "259:0"))
                .inClass("/devices/x/nvme0n1/nvme0n1p1", "block", Map.of("dev", "259:1", "partition", "1"));
        Files.createDirectories(root.resolve("sys/devices/x/nvme0n1/nvme0n1p1/holders"));
    }

    private MountTable table() {
        return new MountTable(root.resolve("sys"), root.resolve("proc"));
    }

    private Optional<DiskUser> found() {
        return table().get().of(DISK);
    }

    private Optional<String> user() {
        return found().map(DiskUser::describe);
    }

    private void mounts(String... lines) throws IOException {
        Files.writeString(root.resolve("proc/1/mountinfo"), String.join("\n", lines) + "\n");
    }

    private void assertUser(String words, Release release) {
        assertUser(found(), words, release);
    }

    private static void assertUser(Optional<DiskUser> user, String words, Release release) {
        assertThat(user.map(DiskUser::describe)).contains(words);
        assertThat(user.map(DiskUser::release)).contains(release);
    }

    /** Creates a block device that holds others; returns its directory. */
    private Path holder(String name, String number, String... held) throws IOException {
        Path directory = root.resolve("sys/devices/virtual/block/" + name);
        sys.inClass("/devices/virtual/block/" + name, "block", Map.of("dev", number));
        Files.createDirectories(directory.resolve("holders"));
        for (String below : held) {
            Files.createDirectories(root.resolve("sys/" + below + "/holders"));
            Files.createSymbolicLink(root.resolve("sys/" + below + "/holders/" + name), directory);
        }
        return directory;
    }

    private void mapped(String name, String number, String dmName, String... held) throws IOException {
        Path dm = Files.createDirectories(holder(name, number, held).resolve("dm"));
        Files.writeString(dm.resolve("name"), dmName + "\n");
    }

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
    void holdersAreFollowedToTheirMount() throws IOException {
        mapped("dm-0", "253:0", "vg-data", "devices/x/nvme0n1/nvme0n1p1");
        mounts("36 35 253:0 / /data rw shared:1 - xfs /dev/mapper/vg-data rw");

        assertUser("held by dm-0 (vg-data), mounted on /data", Release.LATE);
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

    @ParameterizedTest
    @ValueSource(chars = {0x1b, 0x9b})
    void controlCharactersInMountPointsAreReplaced(char control) throws IOException {
        mounts("36 35 259:1 / /srv/" + control + "[2Jx\\012y rw - ext4 /dev/nvme0n1p1 rw");

        assertUser("mounted on /srv/?[2Jx?y", Release.EARLY);
    }

    @Test
    void backingDiskOfAZramIsInUse() throws IOException {
        sys.inClass("/devices/virtual/block/zram0", "block", Map.of("dev", "251:0", "backing_dev", "/dev/nvme0n1p1"));

        assertUser("backs zram0", Release.NEVER);
    }

    @Test
    void eachDeviceOfABtrfsIsInUse() throws IOException {
        Path devices = Files.createDirectories(root.resolve("sys/fs/btrfs/0b5c/devices"));
        Files.createDirectory(devices.resolve("nvme0n1p1"));
        Files.createDirectory(devices.resolve("dm-7"));
        mapped("dm-7", "253:7", "crypt-b");
        mounts(
                "36 35 0:42 /home /home rw shared:1 - btrfs /dev/mapper/crypt-b rw,subvol=/home",
                "37 35 0:42 /srv /srv rw shared:1 - btrfs /dev/mapper/crypt-b rw,subvol=/srv");
        assertUser("mounted on /home", Release.EARLY);

        mounts(
                "36 35 0:42 /home /home rw shared:1 - btrfs /dev/mapper/crypt-b rw,subvol=/home",
                "37 35 0:42 /root / rw shared:1 - btrfs /dev/mapper/crypt-b rw,subvol=/root");
        assertUser("mounted on /", Release.EXITRD);
    }

    @Test
    void driveWithTheLogOfAFileSystemIsInUse() throws IOException {
        mounts("36 35 8:1 / /srv rw - xfs /dev/sda1 rw,attr2,logdev=/dev/nvme0n1p1,noquota");

        assertUser("mounted on /srv", Release.EARLY);
    }

    @Test
    void eachDiskOfABcachefsIsInUse() throws IOException {
        mounts("36 35 0:50 / /srv rw - bcachefs /dev/sda:/dev/nvme0n1p1:/dev/sdb rw");

        assertUser("mounted on /srv", Release.EARLY);
    }

    @Test
    void layerOfTheRootOverlayIsReleasedInAnExitrd() throws IOException {
        mounts(
                "30 1 0:30 / / rw - overlay overlay rw,lowerdir=/lower\\040ro/a:/media/lower/b,upperdir=/up/x,workdir=/up/w",
                "36 30 259:1 / /media/lower rw - ext4 /dev/nvme0n1p1 ro");

        assertUser("mounted on /media/lower", Release.EXITRD);
    }

    /** The overlay names the mount point that the layer had in the initramfs. */
    @ParameterizedTest
    @ValueSource(strings = {"/lower", "/lower/a", "/media/lower/a", "/run/lower:/lower"})
    void layerMovedIntoTheNewRootIsFound(String layer) throws IOException {
        mounts(
                "30 1 0:30 / / rw - overlay overlay rw,lowerdir=" + layer + ",upperdir=/up/x,workdir=/up/w",
                "36 30 259:1 / /media/lower rw - ext4 /dev/nvme0n1p1 ro");

        assertUser("mounted on /media/lower", Release.EXITRD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/low", "/lower2/a", "/media", "/other"})
    void mountOfAnotherNameIsNoLayer(String layer) throws IOException {
        mounts(
                "30 1 0:30 / / rw - overlay overlay rw,lowerdir=" + layer + ",upperdir=/up/x,workdir=/up/w",
                "36 30 259:1 / /media/lower rw - ext4 /dev/nvme0n1p1 ro");

        assertUser("mounted on /media/lower", Release.EARLY);
    }

    @Test
    void backingFileOfALayerIsNeverReleased() throws IOException {
        Path loop = Files.createDirectories(holder("loop0", "7:0").resolve("loop"));
        Files.writeString(loop.resolve("backing_file"), "/media/image/root.img\n");
        mounts(
                "30 1 0:30 / / rw - overlay overlay rw,lowerdir=/media/image/a:/media/lower",
                "36 30 259:1 / /media/image rw - ext4 /dev/nvme0n1p1 ro",
                "37 30 7:0 / /media/lower ro - squashfs /dev/loop0 ro");

        assertUser("mounted on /media/image", Release.NEVER);
    }

    @Test
    void backingFileOfTheRootLoopDeviceIsNeverReleased() throws IOException {
        Path loop = Files.createDirectories(holder("loop0", "7:0").resolve("loop"));
        Files.writeString(loop.resolve("backing_file"), "/cdrom/live/root.img\n");
        mounts(
                "30 1 7:0 / / ro - squashfs /dev/loop0 ro",
                "36 30 259:1 / /cdrom rw - ext4 /dev/nvme0n1p1 rw",
                "37 30 8:1 / /srv rw - ext4 /dev/sda1 rw");

        assertUser("mounted on /cdrom", Release.NEVER);
    }
}
