// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * Root on a mirror, on LVM and on LUKS over NVMe drives. In the exitrd systemd takes these stacks apart when root is
 * unmounted, and then their drives go down.
 */
class RootStacksIT extends MovedRootTest {
    private static final Layout MIRROR = Layout.nvme("mirror", 2, """
            build() {
                try mdadm --create /dev/md0 --run --level=1 --raid-devices=2 --metadata=1.2 --assume-clean $(disk 0) $(disk 1)
                device=/dev/md0
            }
            """);

    private static final Layout VOLUMES = Layout.nvme("volumes", 2, """
            build() {
                try pvcreate -q $(disk 0) $(disk 1)
                try vgcreate -q vg $(disk 0) $(disk 1)
                try lvcreate -q -y -n swap -L 64M vg
                try lvcreate -q -y -n root -l 90%FREE -i 2 vg
                try mkswap /dev/vg/swap
                device=/dev/vg/root
            }
            settle() { echo /dev/vg/swap none swap defaults 0 0 >>/new/etc/fstab; }
            """);

    private static final Layout ENCRYPTED =
            Layout.nvme("encrypted", 1, """
            build() {
                encrypt $(disk 0)
                device=/dev/mapper/root
            }
            """ + encrypted("/dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_root0", ""));

    /** The stack of many installers: LVM on LUKS on a mirror of partitions, with swap beside root. */
    private static final Layout ALL =
            Layout.nvme("all", 2, """
            build() {
                for drive in $(disk 0) $(disk 1); do
                    printf 'size=64M\\nsize=+,type=raid\\n' >/tmp/table
                    try sh -c "sfdisk -q -X gpt $drive </tmp/table"
                done
                udevadm settle
                try mdadm --create /dev/md0 --run --level=1 --raid-devices=2 --metadata=1.2 --assume-clean $(disk 0)-part2 $(disk 1)-part2
                encrypt /dev/md0
                try pvcreate -q /dev/mapper/root
                try vgcreate -q vg /dev/mapper/root
                try lvcreate -q -y -n swap -L 64M vg
                try lvcreate -q -y -n root -l 90%FREE vg
                try mkswap /dev/vg/swap
                device=/dev/vg/root
            }
            settle() {
                echo /dev/vg/swap none swap defaults 0 0 >>/new/etc/fstab
                mdadm --detail --scan >>/new/etc/mdadm/mdadm.conf
            }
            """ + encrypted("/dev/disk/by-id/md-name-*", "vgchange -q -ay vg"));

    /** Defines the functions for LUKS. The initramfs has the key, because nobody is there to enter it. */
    private static String encrypted(String device, String then) {
        return """
                encrypt() {
                    head -c 32 /dev/urandom >/root/key
                    try cryptsetup -q luksFormat --type luks1 --pbkdf-force-iterations 1000 --key-file /root/key $1
                    try cryptsetup open --key-file /root/key $1 root
                }
                initramfs() {
                    cat >/new/etc/initramfs-tools/hooks/encrypted <<'END'
                #!/bin/sh
                [ "$1" != prereqs ] || exit 0
                . /usr/share/initramfs-tools/hook-functions
                copy_exec /sbin/cryptsetup
                copy_file key /root/key /key
                manual_add_modules dm_crypt algif_skcipher algif_hash xts cbc aes_generic sha256_generic
                END
                    cat >/new/etc/initramfs-tools/scripts/local-top/encrypted <<'END'
                #!/bin/sh
                [ "$1" != prereqs ] || exit 0
                udevadm settle
                modprobe dm_crypt
                cryptsetup open --key-file /key DEVICE root
                udevadm settle
                THEN
                udevadm settle
                END
                    chmod +x /new/etc/initramfs-tools/hooks/encrypted /new/etc/initramfs-tools/scripts/local-top/encrypted
                }
                """.replace("DEVICE", device).replace("THEN", then);
    }

    RootStacksIT() {
        super("root-stacks");
    }

    @Test
    void bothDrivesOfARootMirrorGoDownInTheExitrd() throws IOException, InterruptedException {
        Boot boot = restart(MIRROR, move(MIRROR), "", "resync", "reconstruction");

        assertSays(boot, "scenario: plan: .* parallel +exitrd .*held by md.*mounted on /.; free in the exitrd");
    }

    @Test
    @Needs(thorough = true, reason = "it takes long and seldom finds anything")
    void drivesOfStripedRootAndSwapVolumesGoDownInTheExitrd() throws IOException, InterruptedException {
        Boot boot = restart(VOLUMES, move(VOLUMES), "");

        assertSays(boot, "scenario: plan: .* parallel +exitrd .*held by dm-.*mounted on /.; free in the exitrd");
    }

    @Test
    @Needs(thorough = true, reason = "it takes long and seldom finds anything")
    void driveOfAnEncryptedRootGoesDownInTheExitrd() throws IOException, InterruptedException {
        Boot boot = restart(ENCRYPTED, move(ENCRYPTED), "");

        assertSays(boot, "scenario: plan: .* parallel +exitrd .*held by dm-.*mounted on /.; free in the exitrd");
    }

    @Test
    @Needs(thorough = true, reason = "it takes long and seldom finds anything")
    void drivesOfARootVolumeOnAnEncryptedMirrorGoDownInTheExitrd() throws IOException, InterruptedException {
        Boot boot = restart(ALL, move(ALL), "", "resync", "reconstruction");

        assertSays(boot, "scenario: plan: .* parallel +exitrd .*held by md.*mounted on /.; free in the exitrd");
    }
}
