// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Root on an NVMe drive, and an exitrd that another program makes while the system runs or stops: the hook is added to
 * it and shuts the root drive down there.
 */
@Needs(thorough = true, reason = "it takes long and seldom finds anything")
class ForeignExitrdIT extends ScenarioTest {
    private static final int DATA = 2;

    /**
     * Makes an exitrd as finalrd does: systemd-shutdown, its libraries, a shell, and hooks. The file system of /run is
     * remounted to allow execution.
     */
    private static final String LIKE_FINALRD = """
            mount -o remount,exec /run
            exitrd=/run/initramfs
            mkdir -p $exitrd/usr
            for link in bin sbin lib lib64; do
                mkdir -p $exitrd/usr/$link
                ln -s usr/$link $exitrd/$link
            done
            mkdir -p $exitrd/etc $exitrd/proc $exitrd/sys $exitrd/dev $exitrd/run $exitrd/lib/systemd/system-shutdown
            cp /etc/os-release $exitrd/etc/initrd-release
            cp /usr/lib/systemd/systemd-shutdown $exitrd/shutdown
            cp -L /bin/sh $exitrd/usr/bin/
            mount=$(ls /usr/lib/*/libmount.so.1)
            cp -L --parents $mount $exitrd/
            for program in $exitrd/shutdown $exitrd/usr/bin/* $mount; do
                ldd $program | grep -o '/[^ ]*' | while read -r file; do
                    [ -e $exitrd$file ] || cp -L --parents $file $exitrd/
                done
            done
            """;

    /**
     * Makes what dracut's initramfs would have left in /run at boot, and a small initramfs that dracut's unit unpacks
     * when the system stops.
     */
    private static final String DRACUT = """
            dpkg --force-depends -i /root/debs/*.deb 2>&1 | tail -n 3 | say dpkg
            mount -o remount,exec /run
            dracut --force --no-kernel --modules 'bash base shutdown' /boot/initrd.img-$(uname -r) 2>&1 | tail -n 3 | say dracut
            mkdir -p /run/initramfs
            touch /run/initramfs/.need_shutdown
            systemctl daemon-reload
            systemctl start dracut-shutdown.service
            """;

    ForeignExitrdIT() {
        super("foreign-exitrd");
    }

    private Boot restart(String step, String script, Map<String, Path> files) throws IOException, InterruptedException {
        List<Drive> drives = nvmeRootAndData(step, DATA);
        String all =
                Scripts.READY + Scripts.SAY + Scripts.WATCH + Scripts.slowNvme(1_000) + script + Scripts.end("reboot");
        Boot boot = boot(step, drives, new Payload(all, files));
        report("%s: from the hooks' start to the restart %.2f s", step, boot.toRestartFrom("scenario: hooks begin"));
        assertSays(boot, "quiesced: the hook is in the exitrd that is there, for the root drives: ");
        assertSays(boot, "scenario: the exitrd's hook has ended with 0");
        assertThat(boot.find("scenario: exitrd: still .*")).isEmpty();
        assertThat(boot.notifications()).hasSize(1 + DATA);
        assertThat(boot.walkedBy("nvme")).as("left to the kernel's own walk").isEmpty();
        return boot;
    }

    @Test
    void exitrdOfFinalrdExecutesTheHook() throws IOException, InterruptedException {
        restart("finalrd", LIKE_FINALRD, Map.of());
    }

    @Test
    void exitrdOfDracutExecutesTheHookLast() throws IOException, InterruptedException {
        restart("dracut", DRACUT, packages("dracut", "dracut-core cpio"));
    }
}
