// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Root on an NVMe drive, and five more: systemd moves to the exitrd that is made while it stops, and there root's drive goes down with the others. */
class ExitrdIT extends ScenarioTest {
    private static final int DATA = 5;

    /** What a process of the daemon has from the root file system; the device number tells the file system. */
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
    void theDaemonHoldsNothingOfRootAndTheRootDriveGoesDownWithTheOthers() throws IOException, InterruptedException {
        Path root = Guest.newRoot(installed().root(), file("root.qcow2"));
        List<Drive> drives = new ArrayList<>(List.of(Drive.of("root", Drive.Kind.NVME, root)));
        for (int i = 0; i < DATA; i++) {
            drives.add(Drive.nvme("data" + i));
        }

        Boot boot = boot(
                "reboot",
                drives,
                Payload.quiesced(
                        Scripts.WATCH + Scripts.slowNvme(3_000) + HOLDINGS + LOOK + SUM_ROOT + Scripts.end("reboot")));

        assertThat(boot.find("scenario: held: .*"))
                .as("held of the root file system")
                .isEmpty();
        // Its own root, and what the unit binds into it.
        assertSays(boot, "scenario: mounts of the daemon: [67]$");
        assertSays(boot, "scenario: command: @quiesced ");
        assertSays(boot, "scenario: NoNewPrivs:\\s+1");
        assertSays(boot, "scenario: Seccomp:\\s+2");
        boot.find("scenario: (Seccomp_filters:.*)").forEach(match -> report("%s", match.group(1)));

        assertThat(boot.find(
                        "scenario: plan: .* parallel +exitrd +nvme .*in use now .mounted on /.; free in the exitrd"))
                .hasSize(1);
        assertSays(boot, "scenario: exitrds before the shutdown: 0");
        assertThatRootWentDownInTheExitrd(boot);
        assertThat(boot.find("quiesced: nvme .* waits for the exitrd: nvme.n1 is in use: mounted on /"))
                .hasSize(1);
        Map<String, Boot.Span> ours = boot.nvmeShutdowns();
        assertThat(ours).hasSize(1 + DATA);
        assertParallel(ours);
        assertThat(boot.notifications())
                .as("each controller got CC.SHN exactly once")
                .hasSize(1 + DATA);
        assertThat(boot.walkedBy("nvme")).as("left to the kernel's own walk").isEmpty();
        report(
                "%d drives, slowest %.2f s: from the hooks' start to the restart %.2f s, to the exitrd's hook %.2f s",
                ours.size(),
                Boot.longest(ours),
                boot.toRestartFrom("scenario: hooks begin"),
                boot.when("scenario: the exitrd's hook begins").orElseThrow()
                        - boot.when("scenario: hooks begin").orElseThrow());

        assertRootIsClean("again", drives);
    }

    private void assertThatRootWentDownInTheExitrd(Boot boot) {
        assertSays(boot, "quiesced: an exitrd is made, for the root drives: ");
        assertSays(boot, "scenario: the exitrd's hook begins");
        assertThat(boot.find("scenario: exitrd: still .*")).isEmpty();
        assertSays(boot, "scenario: the exitrd's hook has ended with 0");
    }
}
