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
 * Base class of scenarios whose root file system is not on the image of the guest. A first boot copies it to its
 * layout.
 */
abstract class MovedRootTest extends ScenarioTest {
    private static final int ROOT_MEGABYTES = 3072;
    private static final int INITRD_MEGABYTES = 64;
    private static final int DATA = 2;

    /**
     * Functions of the first boot, which copies the root file system to the device that a layout's function
     * {@code build} leaves in {@code $device}. The new root has the label by which the guest finds it. What the
     * function {@code settle} writes to {@code /new} is part of it. The function {@code initramfs}, if defined, changes
     * the settings of initramfs-tools in the new root; the initramfs that is made there goes to a separate disk.
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
     * @param name its name, for the files of the scenario
     * @param kind how its drives are attached
     * @param drives the number of its drives
     * @param script defines the functions of the first boot
     * @param files additional files of the first boot
     */
    record Layout(String name, Drive.Kind kind, int drives, String script, Map<String, Path> files) {
        static Layout nvme(String name, int drives, String script) {
            return new Layout(name, Drive.Kind.NVME, drives, script, Map.of());
        }

        Layout with(Map<String, Path> more) {
            return new Layout(name, kind, drives, script, more);
        }
    }

    /**
     * Boots with the initramfs that was made with the copy of the root file system, if any. QEMU uses the last
     * {@code -initrd}.
     */
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

    /** Copies the root file system to a layout, and returns the drives of the layout. */
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
     * Restarts a guest with two more NVMe drives, and asserts that all drives go down in parallel, with one
     * notification each, and that the root file system is unchanged.
     *
     * @param before commands right before the restart
     * @param signs patterns of the kernel's log in the next boot that indicate a repair
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
