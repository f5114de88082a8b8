// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.kernel.DiskUser.Release;

/**
 * Users that the mount table does not show at the disk itself: zram, file systems on several disks, layers of the root
 * overlay, and backing files.
 */
class IndirectDiskUsersTest extends FakeDiskTest {
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
