// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Root on a mirror of two NVMe drives, or on LVM: in the exitrd that is taken apart when root is unmounted, and then both drives go down with the others. */
class RootStacksIT extends ScenarioTest {
    private static final int ROOT = 2;
    private static final int DATA = 2;

    /** Copies the root file system to the device that a script has left in $device; the new one has the label by which the guest finds it. */
    private static final String MOVE = """
            try() { "$@" >/tmp/out 2>&1 || { echo "scenario: failed: $*" >/dev/kmsg; say output </tmp/out; }; }
            disk() { echo /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_root$1; }
            build
            try mkfs.ext4 -q -F -L quiesced-root $device
            mkdir /new
            try mount $device /new
            try cp -ax /. /new
            try rmdir /new/new
            echo $swap >>/new/etc/fstab
            try umount /new
            """;

    private static final String MIRROR = """
            swap=
            build() {
                try mdadm --create /dev/md0 --run --level=1 --raid-devices=2 --metadata=1.2 --assume-clean $(disk 0) $(disk 1)
                device=/dev/md0
            }
            """;

    private static final String VOLUMES = """
            swap="/dev/vg/swap none swap defaults 0 0"
            build() {
                try pvcreate -q $(disk 0) $(disk 1)
                try vgcreate -q vg $(disk 0) $(disk 1)
                try lvcreate -q -y -n swap -L 64M vg
                try lvcreate -q -y -n root -l 90%FREE -i 2 vg
                try mkswap /dev/vg/swap
                device=/dev/vg/root
            }
            """;

    RootStacksIT() {
        super("root-stacks");
    }

    @Test
    void bothDrivesOfAMirrorGoDownWithTheOthers() throws IOException, InterruptedException {
        Boot boot = move("mirror", MIRROR);

        assertSays(boot, "scenario: plan: .* parallel +exitrd .*held by md.*mounted on /.; free in the exitrd");
    }

    @Test
    @Needs(thorough = true, reason = "it takes long and seldom finds anything")
    void theDrivesOfStripedVolumesWithRootAndSwapGoDownWithTheOthers() throws IOException, InterruptedException {
        Boot boot = move("volumes", VOLUMES);

        assertSays(boot, "scenario: plan: .* parallel +exitrd .*held by dm-.*mounted on /.; free in the exitrd");
    }

    private Boot move(String step, String build) throws IOException, InterruptedException {
        List<Drive> drives = new ArrayList<>();
        for (int i = 0; i < ROOT; i++) {
            Path file = Guest.newDisk(file(step + "/root" + i + ".img"), 3072);
            drives.add(Drive.of("root" + i, Drive.Kind.NVME, file));
        }
        List<Drive> moving = new ArrayList<>(List.of(installedRoot(step)));
        moving.addAll(drives);
        Boot moved = boot(
                step + "/move",
                moving,
                Payload.stock(Scripts.SAY + Scripts.WATCH + build + MOVE + Scripts.end("poweroff")));
        assertThat(moved.find("scenario: failed")).isEmpty();

        for (int i = 0; i < DATA; i++) {
            drives.add(Drive.nvme("data" + i));
        }
        Boot boot = boot(
                step + "/reboot",
                drives,
                Payload.quiesced(Scripts.SAY + Scripts.WATCH + Scripts.slowNvme(3_000)
                        + "quiescectl plan --no-pager | say plan\n"
                        + SUM_ROOT
                        + Scripts.end("reboot")));
        assertSays(boot, "quiesced: an exitrd is made, for the root drives: ");
        assertThat(boot.find("scenario: exitrd: still .*")).isEmpty();
        Map<String, Boot.Span> ours = boot.nvmeShutdowns();
        assertThat(ours).hasSize(ROOT + DATA);
        assertParallel(ours);
        assertThat(boot.notifications()).hasSize(ROOT + DATA);
        assertThat(boot.walkedBy("nvme")).as("left to the kernel's own walk").isEmpty();
        report(
                "%s: %d drives, slowest %.2f s: from the hooks' start to the restart %.2f s",
                step, ours.size(), Boot.longest(ours), boot.toRestartFrom("scenario: hooks begin"));

        assertRootIsClean(step + "/again", drives, "resync", "reconstruction");
        return boot;
    }
}
