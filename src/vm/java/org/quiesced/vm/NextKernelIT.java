// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * One guest that is on for three moments: a container with the package starts and ends in it, then it starts its next kernel by kexec, and then
 * it restarts while open(2) of one of its disks does not return.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Thorough
class NextKernelIT extends ScenarioTest {
    private static final int DRIVES = 4;
    private static final String HUNG = "0000:02:00.0";

    /**
     * A container with the guest's own root below it, the disks' nodes and a writable {@code /sys}: what is in it could take the drivers away.
     * Its last unit says what it sees, and powers it off.
     */
    private static final String CONTAINER = """
            cat >/etc/systemd/system/in-container.service <<'END'
            [Unit]
            ConditionVirtualization=container
            After=multi-user.target quiesced.service quiesced-early.service
            [Service]
            Type=oneshot
            StandardOutput=tty
            TTYPath=/dev/console
            ExecStart=/bin/sh -c 'echo container: daemon: $$(systemctl is-active quiesced.service)'
            ExecStart=/bin/sh -c 'echo container: early: $$(systemctl is-active quiesced-early.service)'
            ExecStart=/bin/sh -c 'echo container: hook: $$(ls /usr/lib/systemd/system-shutdown/)'
            ExecStart=/bin/sh -c '[ -w /sys/bus/pci/drivers/nvme/unbind ] && [ -b /dev/nvme0n1 ] && echo container: could take a driver away'
            ExecStart=systemctl --no-block poweroff
            END
            ln -sf ../in-container.service /etc/systemd/system/multi-user.target.wants/
            binds=$(ls /dev/nvme* | sed 's/^/--bind=/')
            mkdir -p /srv/inside
            mount --bind / /srv/inside
            # The hook's wrapper is the guest's own; in the container it is as the package has it.
            timeout 600 systemd-run -q --wait --pipe -p Delegate=yes -E SYSTEMD_NSPAWN_API_VFS_WRITABLE=1 \\
                systemd-nspawn -q -D /srv/inside --volatile=overlay --machine=inside --boot --console=pipe --keep-unit --register=no \\
                $binds --bind-ro=/scenario/hook:/usr/lib/systemd/system-shutdown/quiesced </dev/null 2>&1 \\
                | tr -d '\\r' | tail -n 60 | say inside
            umount /srv/inside
            rm -f /etc/systemd/system/multi-user.target.wants/in-container.service
            ls /sys/bus/pci/drivers/nvme | grep -c : | say 'bound after the container'
            """;

    private static final String KEXEC = """
            fill $disk
            # From here on nothing else writes, so that the sums are those of what the next kernel finds.
            kernel=$(uname -r)
            kexec -l /boot/vmlinuz-$kernel --initrd=/boot/initrd.img-$kernel --append="$(cat /proc/cmdline) next-kernel" 2>&1 | say kexec
            """;

    private static final String HUNG_OPEN = """
            echo "scenario: the next kernel" >/dev/kmsg
            ls /sys/bus/pci/drivers/nvme | grep -c : | say 'bound in the next kernel'
            check $disk
            systemctl start quiesced.service
            hung=$(ls /sys/bus/pci/devices/HUNG/nvme/nvme*/ | grep 'nvme.*n1$')
            # Their stop looks at all disks, and would hang on this one.
            systemctl mask -q --runtime --now blk-availability.service lvm2-monitor.service
            modprobe hung_open disk=$hung
            """.replace("HUNG", HUNG);

    private static final String CONFIG = """
            deadline = "20s"
            [driver.nvme]
            shutdown = "parallel"
            """;

    private Boot first;
    private Boot next;

    NextKernelIT() {
        super("next-kernel");
    }

    @BeforeAll
    void boot() throws IOException, InterruptedException {
        String common = Scripts.SAY
                + Scripts.WATCH
                + Scripts.FILL
                + Scripts.CHECK
                + "disk=/dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_data0\n";
        String script = common
                + "if grep -q next-kernel /proc/cmdline; then\n"
                + HUNG_OPEN
                + Scripts.slowNvme(1_000)
                + Scripts.end("reboot")
                + "else\n"
                + Scripts.READY
                + Scripts.configure(CONFIG)
                + Scripts.slowNvme(1_000)
                + (Thorough.ASKED_FOR ? CONTAINER : "")
                + KEXEC
                + Scripts.end("kexec")
                + "fi\n";
        List<Drive> drives = new ArrayList<>(List.of(
                installedRoot("all"), Drive.of("data0", Drive.Kind.NVME, Guest.newDisk(file("data0.img"), 256))));
        for (int i = 1; i < DRIVES; i++) {
            drives.add(Drive.nvme("data" + i));
        }
        Boot all = boot("all", drives, Payload.stock(script));
        first = all.until("scenario: the next kernel");
        next = all.since("scenario: the next kernel");
    }

    @Test
    @Thorough
    void aContainerTouchesNoDriveOfItsHost() {
        assertSays(first, "scenario: inside: .*container: could take a driver away");
        assertSays(first, "scenario: inside: .*container: hook: .*quiesced");
        assertSays(first, "scenario: inside: .*container: daemon: inactive");
        assertSays(first, "scenario: inside: .*container: early: inactive");
        assertSays(first, "scenario: bound after the container: " + DRIVES);
        assertThat(first.when("slow_nvme: \\S+ notified").orElseThrow())
                .as("nothing is notified before the guest's own shutdown")
                .isGreaterThan(first.when("scenario: kexec is asked for").orElseThrow());
    }

    @Test
    void theNextKernelFindsTheDrivesAsTheyWereLeft() {
        assertThat(first.nvmeShutdowns()).hasSize(DRIVES);
        assertThat(first.walkedBy("nvme")).isEmpty();
        assertSays(first, "quiesced: end: " + DRIVES + " drives down");
        assertSays(next, "scenario: bound in the next kernel: " + DRIVES);
        assertSays(next, "scenario: fsck clean");
        assertSays(next, "scenario: checksums match");
    }

    @Test
    void aDiskWhoseOpenDoesNotReturnHoldsUpNoOther() {
        assertSays(next, "hung_open: \\S+: \\S+ hangs");
        assertThat(next.walkedBy("nvme")).as("left to the kernel").containsExactly(HUNG);
        Map<String, Boot.Span> all = next.nvmeShutdowns();
        assertThat(all).hasSize(DRIVES);
        double hookEnds = next.when("scenario: hook has ended with 0").orElseThrow();
        assertThat(all.get(HUNG).from()).as("by the kernel, after the hook").isGreaterThan(hookEnds);
        Map<String, Boot.Span> ours = new LinkedHashMap<>(all);
        ours.remove(HUNG);
        assertParallel(ours);
        double given =
                next.when("quiesced: nvme " + HUNG + ".* left to the kernel").orElseThrow();
        assertThat(ours.values())
                .as("the others are down before the one is given up")
                .allMatch(span -> span.to() < given);
        assertSays(next, "reboot: Restarting system");
        report(
                "hung open: the others took %.2f s; the hook ended %.2f s after it began",
                Boot.total(ours), hookEnds - next.when("scenario: hook begins").orElseThrow());
    }
}
