// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Scenarios whose guest has its root file system elsewhere than the image of the guest: a first boot copies it there.
 */
abstract class MovedRootTest extends ScenarioTest {
    private static final int ROOT_MEGABYTES = 3072;
    private static final int INITRD_MEGABYTES = 64;
    private static final int DATA = 2;

    /**
     * Defines what layouts are made of, and copies the root file system to what their function {@code build} leaves in
     * {@code $device}; the new one has the label by which the guest finds it. What the function {@code settle} writes
     * to {@code /new} belongs to it. Where the function {@code initramfs} is defined it changes the settings of
     * initramfs-tools in the new root, and the initramfs that is made there goes to a disk of its own.
     */
    private static final String TOOLS = """
            try() {
                "$@" >/tmp/out 2>&1 && return
                echo "scenario: failed: $*" >/dev/kmsg
                say output </tmp/out
                systemctl --no-block poweroff
                exit 1
            }
            disk() {
                until ls /dev/disk/by-id/*_root$1 2>/dev/null; do sleep 0.2; done | head -n 1
            }
            make_root() { try mkfs.ext4 -q -F -L quiesced-root $device && mkdir /new && try mount $device /new; }
            settle() { :; }
            """;

    private static final String MOVE = """
            build
            make_root
            try cp -ax /. /new
            try rmdir /new/new
            settle
            if command -v initramfs >/dev/null; then
                for directory in dev proc sys; do try mount --bind /$directory /new/$directory; done
                initramfs
                try chroot /new mkinitramfs -o /boot/moved $(uname -r)
                try dd if=/new/boot/moved of=/dev/disk/by-id/virtio-initrd bs=1M conv=fsync
                for directory in dev proc sys; do try umount /new/$directory; done
            fi
            try umount -R /new
            """;

    MovedRootTest(String scenario) {
        super(scenario);
    }

    /**
     * A place for the root file system.
     *
     * @param name what it is called, for the files of the scenario
     * @param kind how the drives with it are attached
     * @param drives how many of them there are
     * @param script defines the functions of the first boot
     * @param files what else the first boot needs
     */
    record Layout(String name, Drive.Kind kind, int drives, String script, Map<String, Path> files) {
        static Layout nvme(String name, int drives, String script) {
            return new Layout(name, Drive.Kind.NVME, drives, script, Map.of());
        }

        Layout with(Map<String, Path> more) {
            return new Layout(name, kind, drives, script, more);
        }
    }

    /** Boots with the initramfs that was made when the root file system was copied, if one was: QEMU takes the last. */
    @Override
    Boot boot(String step, List<Drive> drives, Payload payload, String... options)
            throws IOException, InterruptedException {
        Path initrd = initrd(step.split("/")[0]);
        return !step.endsWith("/move") && Files.exists(initrd)
                ? super.boot(step, drives, payload, "-initrd", initrd.toString())
                : super.boot(step, drives, payload, options);
    }

    private Path initrd(String layout) {
        return file(layout + "/initrd.img");
    }

    /** Copies the root file system to a layout. Returns the drives with it. */
    List<Drive> move(Layout layout) throws IOException, InterruptedException {
        List<Drive> drives = new ArrayList<>();
        for (int i = 0; i < layout.drives(); i++) {
            Path file = Guest.newDisk(file(layout.name() + "/root" + i + ".img"), ROOT_MEGABYTES);
            drives.add(Drive.of("root" + i, layout.kind(), file));
        }
        List<Drive> moving = new ArrayList<>(List.of(installedRoot(layout.name())));
        moving.addAll(drives);
        if (layout.script().contains("initramfs()")) {
            Path initrd = Guest.newDisk(initrd(layout.name()), INITRD_MEGABYTES);
            moving.add(Drive.of("initrd", Drive.Kind.VIRTIO, initrd));
        }
        String script = Scripts.SAY + Scripts.WATCH + TOOLS + layout.script() + MOVE + Scripts.end("poweroff");
        Boot moved = boot(layout.name() + "/move", moving, new Payload(script, layout.files()));
        assertThat(moved.find("scenario: (failed|output).*").stream().map(match -> match.group()))
                .isEmpty();
        return drives;
    }

    /**
     * Restarts a guest with two more NVMe drives, and asserts that all drives go down at once, one notification each,
     * and that the root file system is as it was left.
     *
     * @param before what is done right before the restart
     * @param signs patterns of the kernel's log of the next boot that tell of a repair
     */
    Boot restart(Layout layout, List<Drive> rootDrives, String before, String... signs)
            throws IOException, InterruptedException {
        List<Drive> drives = new ArrayList<>(rootDrives);
        drives.addAll(dataDrives(DATA));
        Boot boot = boot(
                layout.name() + "/reboot",
                drives,
                Payload.quiesced(Scripts.SAY + Scripts.WATCH + Scripts.slowNvme(3_000)
                        + "quiescectl plan --no-pager | say plan\n"
                        + SUM_ROOT
                        + before
                        + Scripts.end("reboot")));
        int all = DATA + (layout.kind() == Drive.Kind.NVME ? layout.drives() : 0);
        assertSays(boot, "quiesced: an exitrd is made, for the root drives: ");
        assertThat(boot.find("scenario: exitrd: still .*").stream().map(match -> match.group()))
                .isEmpty();
        assertAllWentDownAtOnce(boot, all);
        assertThat(boot.walkedBy("sd")).as("left to the kernel's own walk").isEmpty();
        report(
                "%s: %d drives, slowest %.2f s: from the hooks' start to the restart %.2f s",
                layout.name(), all, Boot.longest(boot.nvmeShutdowns()), boot.toRestartFrom("scenario: hooks begin"));
        assertRootIsClean(layout.name() + "/again", drives, signs);
        return boot;
    }
}
