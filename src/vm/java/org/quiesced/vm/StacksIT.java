// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Drives below md, below LVM on LUKS, and in use as swap: they go down when they are free and not before, without data
 * loss.
 */
class StacksIT extends ScenarioTest {
    private static final int DRIVES = 8;

    /**
     * Two drives for RAID 1, three for RAID 5, one for LVM on LUKS, one for swap, and one that is mounted below /run.
     */
    private static final String NAMES = Scripts.DATA_DISK;

    private static final String BUILD = Scripts.TRY + """
            # It takes md and LVM apart while the system stops, on newer releases before the early phase. Without it systemd-shutdown does, right
            # before the late phase: the harder case.
            systemctl mask -q --runtime --now blk-availability.service
            try mdadm --create /dev/md1 --run --level=1 --raid-devices=2 --metadata=1.2 $(disk 0) $(disk 1)
            try mdadm --create /dev/md5 --run --level=5 --raid-devices=3 --metadata=1.2 --assume-clean $(disk 2) $(disk 3) $(disk 4)
            printf secret | try cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 $(disk 5) -
            printf secret | try cryptsetup open --key-file - $(disk 5) secret
            try pvcreate -q /dev/mapper/secret
            try vgcreate -q vg /dev/mapper/secret
            try lvcreate -q -y -n lv -l 100%FREE vg
            try mkswap $(disk 6)
            try swapon $(disk 6)
            for at in md1:/dev/md1 md5:/dev/md5 lv:/dev/vg/lv; do
                try mkfs.ext4 -q -F ${at#*:}
                mkdir -p /srv/${at%%:*}
                try mount ${at#*:} /srv/${at%%:*}
                head -c 4000000 /dev/urandom >/srv/${at%%:*}/file
                (cd /srv/${at%%:*} && sha256sum file >SHA256SUMS)
            done
            try mkfs.ext4 -q -F $(disk 7)
            mkdir -p /run/media/usb
            try mount $(disk 7) /run/media/usb
            # Whatever is mounted when it starts, the daemon holds none of it.
            systemctl restart quiesced.service
            pid=$(cut -d " " -f 1 /run/quiesced/pid)
            grep -c -e /srv -e /run/media -e ' / / .* ext4' /proc/$pid/mountinfo | say 'mounts of disks that the daemon holds'
            fuser -m / 2>/dev/null | tr ' ' '\\n' | grep -cx $pid | say 'uses of the root file system'
            quiescectl plan --no-pager | say plan
            """;

    private static final String CHECK = """
            printf secret | cryptsetup open --key-file - $(disk 5) secret
            mdadm --assemble --scan
            vgchange -ay
            udevadm settle
            sleep 2
            mdadm --detail --scan | say md
            for at in md1:1 md5:5 lv:; do
                name=${at%%:*}
                case $name in
                    lv) node=/dev/vg/lv ;;
                    *) node=$(ls -d /dev/md${at#*:} /dev/md/*${at#*:} /dev/md12[0-9] 2>/dev/null | while read -r each; do
                           case $(cat /sys/block/$(basename $(readlink -f $each))/md/level) in raid${at#*:}) echo $each; break ;; esac
                       done) ;;
                esac
                fsck.ext4 -n -f $node >/dev/null 2>&1 && echo $name | say clean
                dumpe2fs -h $node 2>/dev/null | grep -q needs_recovery && echo $name | say dirty
                mkdir -p /srv/$name && mount -o ro $node /srv/$name && (cd /srv/$name && sha256sum -c --quiet SHA256SUMS) \\
                    && echo $name | say intact
            done
            """;

    StacksIT() {
        super("stacks");
    }

    @Test
    void drivesBelowStacksGoDownWhenFreeWithoutDataLoss() throws IOException, InterruptedException {
        Path root = Guest.newRoot(installed().root(), file("root.qcow2"));
        List<Drive> drives = new ArrayList<>(List.of(Drive.of("root", Drive.Kind.VIRTIO, root)));
        drives.addAll(keptDrives(DRIVES, 64));

        Boot boot = boot(
                "reboot",
                drives,
                Payload.quiesced(
                        Scripts.SAY + NAMES + Scripts.WATCH + BUILD + Scripts.slowNvme(1_500) + Scripts.end("reboot")));

        assertThat(boot.find("scenario: failed")).isEmpty();
        assertSays(boot, "scenario: mounts of disks that the daemon holds: 0");
        assertSays(boot, "scenario: uses of the root file system: 0");
        assertThat(boot.find("scenario: plan: .* parallel +late .*in use now .held by md.*; free at shutdown"))
                .hasSize(5);
        assertThat(boot.find("scenario: plan: .* parallel +late .*held by dm-.*mounted on /srv/lv.; free at shutdown"))
                .hasSize(1);
        assertThat(boot.find("scenario: plan: .* parallel +early .*in use now .used as swap.; free at shutdown"))
                .hasSize(1);
        assertThat(boot.find("scenario: plan: .* parallel +early .*mounted on /run/media/usb.; free at shutdown"))
                .hasSize(1);
        assertSays(
                boot, "scenario: plan: 8 drives in parallel .8 in use now, free at shutdown., \\d left to the kernel");
        Map<String, Boot.Span> ours = boot.nvmeShutdowns();
        assertThat(ours).hasSize(DRIVES);
        assertThat(boot.notifications()).hasSize(DRIVES);
        assertThat(boot.walkedBy("nvme")).isEmpty();
        assertThat(boot.find("waits for the late phase: nvme.n1 is in use"))
                .as("drives still in use in the early phase; an array may be stopped at that moment")
                .hasSizeGreaterThanOrEqualTo(3);
        assertThat(boot.find("waits for the late phase: nvme.n1 is in use: held by dm-"))
                .hasSize(1);
        assertThatMembersOutlive(boot, "md1", ours, "0000:01:00.0", "0000:02:00.0");
        assertThatMembersOutlive(boot, "md5", ours, "0000:03:00.0", "0000:04:00.0", "0000:05:00.0");
        double hook = boot.when("scenario: hook begins").orElseThrow();
        report(
                "%d drives, of which %d in the late phase, in %.2f s after the hook's start; slowest %.2f s",
                DRIVES,
                ours.values().stream().filter(span -> span.from() > hook).count(),
                boot.when("scenario: hook has ended").orElseThrow() - hook,
                Boot.longest(ours));

        Boot again = boot(
                "again", drives, Payload.stock(Scripts.SAY + NAMES + Scripts.WATCH + CHECK + Scripts.end("poweroff")));
        for (String name : List.of("md1", "md5", "lv")) {
            assertSays(again, "scenario: clean: " + name);
            assertThat(again.says("scenario: dirty: " + name)).as(name).isFalse();
            assertSays(again, "scenario: intact: " + name);
        }
    }

    private static void assertThatMembersOutlive(
            Boot boot, String array, Map<String, Boot.Span> shutdowns, String... members) {
        double stopped = boot.when("md: " + array + " stopped").orElseThrow();
        for (String member : members) {
            assertThat(shutdowns.get(member).from())
                    .as(member + " goes down after " + array + " was stopped")
                    .isGreaterThan(stopped);
        }
    }
}
