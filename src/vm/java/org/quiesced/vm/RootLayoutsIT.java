// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Root on other file systems, with separate partitions for parts of it, read-only, below an overlay, and on a SATA
 * disk.
 */
@Needs(thorough = true, reason = "it takes long and seldom finds anything")
class RootLayoutsIT extends MovedRootTest {
    private static final String WHOLE_DISK = "build() { device=$(disk 0); }\n";

    /** A label of XFS has at most twelve characters, so the initramfs gets the name of the drive instead. */
    private static final Layout XFS = Layout.nvme("xfs", 1, WHOLE_DISK + """
            make_root() {
                try dpkg --force-depends -i /root/debs/*.deb
                try mkfs.xfs -q -f $device
                mkdir /new
                try mount $device /new
            }
            settle() { echo "$device / xfs defaults 0 0" >/new/etc/fstab; }
            initramfs() {
                echo xfs >>/new/etc/initramfs-tools/modules
                file=/new/etc/initramfs-tools/scripts/init-premount/root
                printf '#!/bin/sh\\n[ "$1" = prereqs ] || echo ROOT=%s >/conf/param.conf\\n' $device >$file
                chmod +x $file
            }
            """);

    private static final Layout BTRFS = btrfs("btrfs", 1, "");

    private static final Layout BTRFS_MIRROR = btrfs("btrfs-mirror", 2, "-d raid1 -m raid1 $(disk 1)");

    /**
     * Partitions as an installer makes them, except that the boot loader's is ext4, because no tool for FAT is there.
     */
    private static final Layout PARTITIONS = Layout.nvme("partitions", 1, """
            build() {
                drive=$(disk 0)
                printf 'size=64M\\nsize=64M,type=swap\\nsize=1200M\\nsize=400M\\nsize=+\\n' >/tmp/table
                try sh -c "sfdisk -q -X gpt $drive </tmp/table"
                udevadm settle
                device=$drive-part5
            }
            make_root() {
                mkdir /new
                try mkfs.ext4 -q -F -L quiesced-root $device
                try mount $device /new
                mkdir -p /new/usr /new/var /new/boot/efi
                try mkswap -L swap $drive-part2
                echo LABEL=swap none swap defaults 0 0 >/tmp/fstab
                for part in 1:boot/efi 3:usr 4:var; do
                    try mkfs.ext4 -q -F -L part${part%%:*} $drive-part${part%%:*}
                    try mount $drive-part${part%%:*} /new/${part#*:}
                    echo LABEL=part${part%%:*} /${part#*:} ext4 defaults 0 2 >>/tmp/fstab
                done
            }
            settle() { cat /tmp/fstab >>/new/etc/fstab; }
            """);

    private static final Layout READ_ONLY = Layout.nvme("read-only", 1, WHOLE_DISK);

    /** Mounts the layers below the overlay's own tree, as tools that set up an overlay do. */
    private static final Layout OVERLAY = Layout.nvme("overlay", 1, WHOLE_DISK + """
            initramfs() {
                echo overlay >>/new/etc/initramfs-tools/modules
                cat >/new/etc/initramfs-tools/scripts/init-bottom/overlay <<'END'
            #!/bin/sh
            [ "$1" != prereqs ] || exit 0
            modprobe overlay
            mkdir -p /lower /upper
            mount -o move "$rootmnt" /lower
            mount -t tmpfs -o mode=0755 tmpfs /upper
            mkdir /upper/data /upper/work
            mount -t overlay -o lowerdir=/lower,upperdir=/upper/data,workdir=/upper/work overlay "$rootmnt"
            mkdir -p "$rootmnt/media/lower" "$rootmnt/media/upper"
            mount -o move /lower "$rootmnt/media/lower"
            mount -o move /upper "$rootmnt/media/upper"
            END
                chmod +x /new/etc/initramfs-tools/scripts/init-bottom/overlay
            }
            """);

    private static final Layout SATA = new Layout("sata", Drive.Kind.SATA, 1, WHOLE_DISK + """
            initramfs() { printf 'ahci\\nsd_mod\\n' >>/new/etc/initramfs-tools/modules; }
            """, Map.of());

    /**
     * Returns a layout of btrfs with root on a subvolume.
     *
     * @param more further arguments of mkfs.btrfs(8), such as other drives
     */
    private static Layout btrfs(String name, int drives, String more) {
        return Layout.nvme(name, drives, WHOLE_DISK + """
            make_root() {
                try dpkg --force-depends -i /root/debs/*.deb
                try mkfs.btrfs -q -f -L quiesced-root $device MORE
                mkdir /new
                try mount $device /new
                try btrfs subvolume create /new/@
                try btrfs subvolume set-default /new/@
                try umount /new
                try mount $device /new
            }
            settle() { sed -i 's/ ext4 / btrfs /' /new/etc/fstab; }
            initramfs() { echo btrfs >>/new/etc/initramfs-tools/modules; }
            """.replace("MORE", more));
    }

    RootLayoutsIT() {
        super("root-layouts");
    }

    @Test
    void rootDriveWithXfsGoesDown() throws IOException, InterruptedException {
        Layout xfs = XFS.with(packages("xfs", "xfsprogs libinih1 liburcu8 libedit2 libbsd0 libmd0"));

        assertIsFreeInTheExitrd(restart(xfs, move(xfs), "", "XFS.*recovery"));
    }

    @Test
    void rootDriveWithABtrfsSubvolumeGoesDown() throws IOException, InterruptedException {
        assertBtrfsIsFreeInTheExitrd(BTRFS);
    }

    @Test
    void bothDrivesOfABtrfsMirrorGoDown() throws IOException, InterruptedException {
        assertBtrfsIsFreeInTheExitrd(BTRFS_MIRROR);
    }

    private void assertBtrfsIsFreeInTheExitrd(Layout layout) throws IOException, InterruptedException {
        Layout btrfs = layout.with(packages(layout.name(), "btrfs-progs liblzo2-2"));

        assertIsFreeInTheExitrd(restart(btrfs, move(btrfs), "", "BTRFS.*(log replay|corrupt|error)"));
    }

    @Test
    void rootDriveWithPartitionsForUsrVarBootAndSwapGoesDown() throws IOException, InterruptedException {
        assertIsFreeInTheExitrd(restart(PARTITIONS, move(PARTITIONS), ""));
    }

    @Test
    void rootDriveMountedReadOnlyGoesDown() throws IOException, InterruptedException {
        String before = """
                mkdir -p /run/elsewhere && mount --bind /run/elsewhere /var/lib
                journalctl --relinquish-var
                sync
                mount -o remount,ro / 2>&1 | say remount
                grep -q '^[^ ]* / [^ ]* ro' /proc/mounts && echo is read-only | say root
                """;

        Boot boot = restart(READ_ONLY, move(READ_ONLY), before);

        assertSays(boot, "scenario: root: is read-only");
        assertIsFreeInTheExitrd(boot);
    }

    @Test
    void rootDriveBelowAnOverlayGoesDown() throws IOException, InterruptedException {
        // The upper layer is in memory: the next boot finds only what is written to the lower one.
        String before = """
                mount -o remount,rw /media/lower 2>&1 | say remount
                cp /root/sums /media/lower/root/sums
                """;

        Boot boot = restart(OVERLAY, move(OVERLAY), before);

        assertSays(boot, "scenario: plan: .* parallel +exitrd .*free in the exitrd");
    }

    @Test
    void rootDriveOnSataGoesDown() throws IOException, InterruptedException {
        assertIsFreeInTheExitrd(restart(SATA, move(SATA), ""));
    }

    private static void assertIsFreeInTheExitrd(Boot boot) {
        assertSays(boot, "scenario: plan: .* parallel +exitrd .*mounted on /.*; free in the exitrd");
    }
}
