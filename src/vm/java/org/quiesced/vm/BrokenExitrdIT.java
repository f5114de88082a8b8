// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Root on an NVMe drive, two data drives, and a defective exitrd. The machine restarts, each drive is notified once,
 * and the kernel notifies the root drive where the exitrd does not.
 */
class BrokenExitrdIT extends ScenarioTest {
    private static final int DATA = 2;

    BrokenExitrdIT() {
        super("broken-exitrd");
    }

    /** Restarts a guest that a script has prepared. */
    private Boot restart(String step, String script) throws IOException, InterruptedException {
        List<Drive> drives = nvmeRootAndData(step, DATA);
        Boot boot = boot(
                step,
                drives,
                Payload.quiesced(Scripts.WATCH + Scripts.slowNvme(1_000) + script + Scripts.end("reboot")));
        assertThat(boot.notifications())
                .as("each controller got CC.SHN exactly once")
                .hasSize(1 + DATA);
        report("%s: from the hooks' start to the restart %.2f s", step, boot.toRestartFrom("scenario: hooks begin"));
        return boot;
    }

    private static void assertThatTheKernelTakesTheRootDrive(Boot boot) {
        assertThat(boot.walkedBy("nvme"))
                .as("shut down by the kernel's own walk: the root drive alone")
                .hasSize(1);
    }

    /** Returns commands that install a hook, which systemd executes beside that of quiesced. */
    private static String hook(String script) {
        return "cat >/usr/lib/systemd/system-shutdown/break <<'END'\n#!/bin/sh\n" + script
                + "END\nchmod +x /usr/lib/systemd/system-shutdown/break\n"
                + "[ -L /lib ] || ln -sf /usr/lib/systemd/system-shutdown/break /lib/systemd/system-shutdown/break\n";
    }

    @Test
    void exitrdWithAMissingLibraryIsNotUsed() throws IOException, InterruptedException {
        Boot boot = restart("incomplete", """
                printf '#!/bin/sh\\n/usr/bin/ldd "$@" | grep -v libc.so\\n' >/usr/local/bin/ldd
                chmod +x /usr/local/bin/ldd
                """);

        assertSays(boot, "quiesced: the root drives are left to the kernel, no exitrd: it is not complete");
        assertThat(boot.says("scenario: the exitrd's hook begins")).isFalse();
        assertThatTheKernelTakesTheRootDrive(boot);
    }

    @Needs(thorough = true, reason = "the tests of the script without a guest show it")
    @Test
    void exitrdThatDoesNotFitIsNotUsed() throws IOException, InterruptedException {
        Boot boot = restart("full", "sed -i s/^size=.*/size=1m/ /usr/lib/quiesced/bin/exitrd\n");

        assertSays(
                boot, "quiesced: the root drives are left to the kernel, no exitrd: it cannot be filled: .*No space");
        assertThat(boot.says("scenario: the exitrd's hook begins")).isFalse();
        assertThatTheKernelTakesTheRootDrive(boot);
    }

    /** The hook returns at once because the hook in the exitrd waits; then systemd finds no exitrd to move to. */
    @Test
    void drivesAreLeftToTheKernelWhenTheExitrdHasVanished() throws IOException, InterruptedException {
        Boot boot = restart("gone", hook("umount -l /run/initramfs; rmdir /run/initramfs\n"));

        assertSays(boot, "quiesced: an exitrd is made");
        assertThat(boot.says("scenario: the exitrd's hook begins")).isFalse();
        assertThat(boot.walkedBy("nvme")).contains("0000:01:00.0");
    }

    /** The other drives are expected to take less time than freeing what this small guest has cached. */
    @Needs(thorough = true, reason = "the tests of the hook and of the daemon show it")
    @Test
    void exitrdIsRemovedWhenItsUnmountingWouldTakeTooLong() throws IOException, InterruptedException {
        Boot boot = restart("cached", Scripts.SAY + """
                find / -xdev -size 0 >/dev/null
                cat >/run/quiesced/expected.json <<'END'
                {"format": "quiesced-expected-1", "models": [], "drives": [
                {"model": "QEMU NVMe Ctrl", "serial": "root", "seconds": 3},
                {"model": "QEMU NVMe Ctrl", "serial": "data0", "seconds": 0.01},
                {"model": "QEMU NVMe Ctrl", "serial": "data1", "seconds": 0.01}]}
                END
                quiescectl plan --no-pager | say plan
                """);

        assertSays(boot, "scenario: plan: .* parallel +exitrd +nvme ");
        assertSays(boot, "quiesced: an exitrd is made");
        assertSays(boot, "quiesced: the exitrd is not used: to unmount the root file system");
        assertThat(boot.says("scenario: the exitrd's hook begins")).isFalse();
        assertThatTheKernelTakesTheRootDrive(boot);
    }

    @Test
    void driveOfABusyRootFileSystemIsLeftToTheKernel() throws IOException, InterruptedException {
        Boot boot = restart("busy", """
                cat >/run/systemd/system/holder.service <<'END'
                [Unit]
                DefaultDependencies=no
                SurviveFinalKillSignal=yes
                [Service]
                ExecStart=@/bin/sleep @holder 100000
                SendSIGKILL=no
                END
                systemctl daemon-reload
                systemctl start holder.service
                """);

        assertSays(boot, "scenario: exitrd: still mounted: \\S+ on /oldroot");
        assertSays(boot, "quiesced: nvme 0000:01:00.0 .* left to the kernel: nvme0n1 is in use");
        assertSays(boot, "scenario: the exitrd's hook has ended with 0");
        assertThatTheKernelTakesTheRootDrive(boot);
    }

    @Test
    @Needs(thorough = true, reason = "it takes long and seldom finds anything")
    void drivesGoDownWhenAnUnmountInTheExitrdHangs() throws IOException, InterruptedException {
        Boot boot =
                restart("hanging", hook("printf '#!/bin/sh\\nexec sleep 100000\\n' >/run/initramfs/usr/bin/umount\n"));

        assertThat(boot.find("scenario: exitrd: still .*")).isEmpty();
        assertThat(boot.walkedBy("nvme")).isEmpty();
    }

    @Test
    @Needs(thorough = true, reason = "it takes long and seldom finds anything")
    void rootDriveIsLeftToTheKernelWithoutADaemon() throws IOException, InterruptedException {
        Boot boot = restart("dead", hook("kill -KILL $(cut -d ' ' -f 1 /run/quiesced/pid)\n"));

        assertSays(boot, "scenario: the exitrd's hook has ended with 0");
        assertThat(boot.walkedBy("nvme")).contains("0000:01:00.0");
    }
}
