// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Root on an NVMe drive, and five data drives: the exitrd is made during the shutdown, systemd moves to it, and the
 * root drive goes down there.
 */
class ExitrdIT extends ScenarioTest {
    private static final int DATA = 5;
    private static final int ROUNDS = Integer.getInteger("quiesced.rounds", 20);

    /** Logs what the daemon's process holds of the root file system, which the device number identifies. */
    private static final String HOLDINGS = """
            pid=$(cut -d " " -f 1 /run/quiesced/pid)
            device=$(mountpoint -d /)
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

    private static final String LOOK = Scripts.SAY + """
            quiescectl plan --no-pager | say plan
            quiescectl status | say status
            grep -c initramfs /proc/mounts | say 'exitrds before the shutdown'
            """;

    ExitrdIT() {
        super("exitrd");
    }

    @Test
    void daemonHoldsNothingOfRootAndTheRootDriveGoesDownInTheExitrd() throws IOException, InterruptedException {
        List<Drive> drives = nvmeRootAndData("reboot", DATA);

        Boot boot = boot(
                "reboot",
                drives,
                Payload.quiesced(
                        Scripts.WATCH + Scripts.slowNvme(3_000) + HOLDINGS + LOOK + SUM_ROOT + Scripts.end("reboot")));

        assertThat(boot.find("scenario: held: .*"))
                .as("held of the root file system")
                .isEmpty();
        // Its root, and what the unit bind-mounts into it.
        assertSays(boot, "scenario: mounts of the daemon: [78]$");
        assertSays(boot, "scenario: command: @quiesced ");
        assertSays(boot, "scenario: NoNewPrivs:\\s+1");
        assertSays(boot, "scenario: Seccomp:\\s+2");
        boot.find("scenario: (Seccomp_filters:.*)").forEach(match -> report("%s", match.group(1)));

        assertThat(boot.find(
                        "scenario: plan: .* parallel +exitrd +nvme .*in use now .mounted on /.; free in the exitrd"))
                .hasSize(1);
        assertSays(boot, "scenario: exitrds before the shutdown: 0");
        assertThat(boot.find("quiesced: nvme .* waits for the exitrd: nvme.n1 is in use: mounted on /"))
                .hasSize(1);
        assertThatAllWentDownAtOnce(boot, 1 + DATA);
        Map<String, Boot.Span> ours = boot.nvmeShutdowns();
        report(
                "%d drives, slowest %.2f s: from the hooks' start to the restart %.2f s, to the exitrd's hook %.2f s",
                ours.size(),
                Boot.longest(ours),
                boot.toRestartFrom("scenario: hooks begin"),
                boot.when("scenario: the exitrd's hook begins").orElseThrow()
                        - boot.when("scenario: hooks begin").orElseThrow());

        assertRootIsClean("again", drives);
    }

    /** All rounds have the same root file system, so each boot finds what the previous shutdown left. */
    @Test
    @Needs(thorough = true, reason = "it takes half an hour and seldom finds anything")
    void rootDriveGoesDownInTwentyShutdownsInARow() throws IOException, InterruptedException {
        List<Drive> drives = nvmeRootAndData("rounds", 2);
        String script = Scripts.READY
                + Scripts.WATCH
                + "dmesg | grep -q 'EXT4-fs.*recovery' || echo 'scenario: root was clean' >/dev/kmsg\n"
                + "[ ! -e /root/sums ] || sha256sum -c --quiet /root/sums || echo 'scenario: another content' >/dev/kmsg\n"
                + SUM_ROOT
                + Scripts.slowNvme(1_000)
                + Scripts.end("reboot");
        for (int round = 1; round <= ROUNDS; round++) {
            Boot boot = boot("rounds/" + round, drives, Payload.stock(script));

            assertSays(boot, "scenario: root was clean");
            assertThat(boot.says("scenario: another content")).isFalse();
            assertThatAllWentDownAtOnce(boot, 3);
            report(
                    "round %d: slowest %.2f s, from the hooks' start to the restart %.2f s",
                    round, Boot.longest(boot.nvmeShutdowns()), boot.toRestartFrom("scenario: hooks begin"));
        }
    }

    @Test
    @Needs(thorough = true, reason = "it takes long and seldom finds anything")
    void rootDriveGoesDownAtPowerOff() throws IOException, InterruptedException {
        List<Drive> drives = nvmeRootAndData("poweroff", 2);
        Boot boot = boot(
                "poweroff",
                drives,
                Payload.quiesced(Scripts.WATCH + Scripts.slowNvme(1_000) + SUM_ROOT + Scripts.end("poweroff")));

        assertThatAllWentDownAtOnce(boot, 3);
        assertRootIsClean("poweroff-again", drives);
    }

    @Test
    @Needs(thorough = true, reason = "it takes long and seldom finds anything")
    void rootDriveGoesDownBeforeKexec() throws IOException, InterruptedException {
        String script = Scripts.WATCH + Scripts.SAY + """
                if grep -q next-kernel /proc/cmdline; then
                    echo "scenario: the next kernel" >/dev/kmsg
                    dmesg | grep -q 'EXT4-fs.*recovery' || echo 'scenario: root was clean' >/dev/kmsg
                    ls -d /sys/bus/pci/drivers/nvme/*:* | wc -l | say 'bound in the next kernel'
                    systemctl --no-block reboot
                    exit
                fi
                """ + Scripts.READY + Scripts.slowNvme(1_000)
                + Scripts.LOAD_NEXT_KERNEL + Scripts.end("kexec");

        Boot both = boot("kexec", nvmeRootAndData("kexec", 2), Payload.stock(script));

        Boot boot = both.until("scenario: the next kernel");
        assertThatRootWentDownInTheExitrd(boot);
        assertThat(boot.nvmeShutdowns()).hasSize(3);
        assertThat(boot.walkedBy("nvme")).as("left to the kernel's own walk").isEmpty();
        Boot next = both.since("scenario: the next kernel");
        assertSays(next, "scenario: root was clean");
        assertSays(next, "scenario: bound in the next kernel: 3");
    }

    private void assertThatAllWentDownAtOnce(Boot boot, int count) {
        assertThatRootWentDownInTheExitrd(boot);
        assertAllWentDownAtOnce(boot, count);
    }

    private void assertThatRootWentDownInTheExitrd(Boot boot) {
        assertSays(boot, "quiesced: an exitrd is made, for the root drives: ");
        assertSays(boot, "scenario: the exitrd's hook begins");
        assertThat(boot.find("scenario: exitrd: still .*")).isEmpty();
        assertSays(boot, "scenario: the exitrd's hook has ended with 0");
    }
}
