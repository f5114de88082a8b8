// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Root on an NVMe drive, and a file system in memory to which systemd-shutdown moves at the end, as dracut and finalrd make one. */
class ExitrdIT extends ScenarioTest {
    private static final int DATA = 2;

    /** What a process of the daemon has from the root file system; the device number tells the file system. */
    private static final String HOLDINGS = """
            pid=$(cut -d " " -f 1 /run/quiesced/pid)
            device=$(mountpoint -d /)
            root=$(findmnt -n -o SOURCE /)
            {
                grep -E " $device " /proc/$pid/mountinfo
                for link in /proc/$pid/exe /proc/$pid/cwd /proc/$pid/root /proc/$pid/fd/*; do
                    [ "$(stat -L -c %d $link)" != "$(stat -c %d /)" ] || ls -l $link
                done
                # Of a mapping: address, permissions, offset, device in hexadecimal, inode, path.
                number=$(printf '%02x:%02x' "${device%:*}" "${device#*:}")
                while read -r _ _ _ mapped _ path; do
                    [ $mapped != $number ] || echo "mapped: $path"
                done </proc/$pid/maps
            } | sed -u 's/^/scenario: held: /' >/dev/kmsg
            grep -c . /proc/$pid/mountinfo | sed -u 's/^/scenario: mounts of the daemon: /' >/dev/kmsg
            tr '\\0' ' ' </proc/$pid/cmdline | sed -u 's/^/scenario: command: /' >/dev/kmsg
            grep -E 'CapBnd|Seccomp:|NoNewPrivs' /proc/$pid/status | sed -u 's/^/scenario: /' >/dev/kmsg
            grep Seccomp_filters /proc/$pid/status | sed -u 's/^/scenario: /' >/dev/kmsg
            """;

    /** Makes the exitrd: systemd-shutdown, its libraries, a shell, and two hooks. */
    private static final String EXITRD = """
            exitrd=/run/initramfs
            mkdir -p $exitrd
            mount -t tmpfs -o mode=0755,exec exitrd $exitrd
            for link in bin sbin lib lib64; do
                mkdir -p $exitrd/usr/$link
                ln -s usr/$link $exitrd/$link
            done
            hooks=$exitrd/usr/lib/systemd/system-shutdown
            mkdir -p $exitrd/etc $exitrd/proc $exitrd/sys $exitrd/dev $exitrd/run $exitrd/tmp $exitrd/oldroot $hooks
            cp /etc/os-release $exitrd/etc/initrd-release
            cp /etc/os-release $exitrd/etc/os-release
            cp /usr/lib/systemd/systemd-shutdown $exitrd/shutdown
            cp -L /bin/sh /bin/cat /bin/ls /bin/sleep /bin/grep $exitrd/usr/bin/
            # The one of systemd 262 loads it at run time.
            mount=$(ls /usr/lib/*/libmount.so.1)
            cp -L --parents $mount $exitrd/
            for program in $exitrd/shutdown $exitrd/usr/bin/* $mount; do
                ldd $program | grep -o '/[^ ]*' | while read -r file; do
                    [ -e $exitrd$file ] || cp -L --parents $file $exitrd/
                done
            done
            cp /scenario/hook $hooks/quiesced
            cat >$hooks/look <<END
            #!/bin/sh
            echo "scenario: exitrd: the hooks run" >/dev/kmsg
            [ ! -e /sys/fs/ext4/${root#/dev/} ] || echo "scenario: exitrd: root is still in use" >/dev/kmsg
            grep -q -e oldroot /proc/mounts && echo "scenario: exitrd: the old root is still mounted" >/dev/kmsg
            END
            chmod +x $hooks/*
            """;

    ExitrdIT() {
        super("exitrd");
    }

    @Test
    void theDaemonHoldsNothingOfRootAndTheRootDriveGoesDownInTheExitrd() throws IOException, InterruptedException {
        Path root = Guest.newRoot(installed().root(), file("root.qcow2"));
        List<Drive> drives = new ArrayList<>(List.of(Drive.of("root", Drive.Kind.NVME, root)));
        for (int i = 0; i < DATA; i++) {
            drives.add(Drive.nvme("data" + i));
        }

        Boot boot = boot(
                "reboot",
                drives,
                Payload.quiesced(Scripts.WATCH + Scripts.slowNvme(1_000) + HOLDINGS + EXITRD + Scripts.end("reboot")));

        assertThat(boot.find("scenario: held: .*"))
                .as("held of the root file system")
                .isEmpty();
        // Its own root, and what the unit binds into it.
        assertSays(boot, "scenario: mounts of the daemon: [67]$");
        assertSays(boot, "scenario: command: @quiesced ");
        assertSays(boot, "scenario: NoNewPrivs:\\s+1");
        assertSays(boot, "scenario: Seccomp:\\s+2");
        boot.find("scenario: (Seccomp_filters:.*)").forEach(match -> report("%s", match.group(1)));
        assertSays(boot, "scenario: exitrd: the hooks run");
        assertThat(boot.says("scenario: exitrd: the old root is still mounted")).isFalse();
        assertThat(boot.says("scenario: exitrd: root is still in use")).isFalse();
        assertThat(boot.nvmeShutdowns()).hasSize(1 + DATA);
        assertThat(boot.notifications())
                .as("each controller got CC.SHN exactly once")
                .hasSize(1 + DATA);
        assertThat(boot.walkedBy("nvme")).as("left to the kernel's own walk").isEmpty();
    }
}
