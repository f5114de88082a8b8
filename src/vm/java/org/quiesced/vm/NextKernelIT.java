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
 * One guest for three tests: a container with the package starts and ends in it, then it starts its next kernel by
 * kexec, and then it restarts while open(2) of one of its disks does not return.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NextKernelIT extends ScenarioTest {
    private static final int DRIVES = 4;
    private static final String HUNG = "0000:02:00.0";

    /**
     * Script of a container that could unbind the host's drivers. It logs which units of the package have started,
     * starts the daemon without the units' conditions, and turns the container off.
     */
    private static final String IN_CONTAINER = Scripts.SAY + """
            for unit in quiesced quiesced-early quiesced-stopping; do
                echo "$unit is $(systemctl is-active $unit.service)" | say container
            done
            [ -w /sys/bus/pci/drivers/nvme/unbind ] && [ -b /dev/nvme0n1 ] && echo could take a driver away | say container
            for unit in run-quiesced-root.mount quiesced-lifeboat.service quiesced.service; do
                mkdir -p /run/systemd/system/$unit.d
                printf '[Unit]\\nConditionVirtualization=\\n' >/run/systemd/system/$unit.d/condition.conf
            done
            printf '[Service]\\nRestart=no\\n' >/run/systemd/system/quiesced.service.d/once.conf
            systemctl daemon-reload
            systemctl start quiesced.service 2>/dev/null
            journalctl --sync
            journalctl -b -u quiesced.service -o cat --no-pager | say 'container: daemon'
            echo "started without its condition quiesced is $(systemctl is-active quiesced.service)" | say container
            cp /scenario/hook-in-container /usr/lib/systemd/system-shutdown/quiesced
            systemctl --no-block poweroff
            """;

    /** Takes the place of the hook in the container: runs the hook, and then the one-shot command. */
    private static final String HOOK_IN_CONTAINER = "#!/bin/sh\n" + Scripts.SAY + """
            sh /scenario/hook "$@" 2>&1 >/dev/null | say 'container: hook'
            /usr/lib/quiesced/bin/quiescectl shutdown-hook "$1" 0.00 $$ >/dev/null 2>/dev/kmsg
            echo "the one-shot command has ended with $?" | say container
            """;

    /** Units that open disks, or take time, and have no part in the scenario. */
    private static final String LEFT_OUT =
            "systemd-udevd.service systemd-udev-trigger.service systemd-udevd-kernel.socket "
                    + "systemd-udevd-control.socket lvm2-monitor.service blk-availability.service";

    /**
     * Boots a container on an overlay over the guest's own root, with the disks' nodes, a writable {@code /sys}, and
     * the kernel's log.
     */
    private static final String CONTAINER = guestFile("/scenario/in-container", IN_CONTAINER)
            + guestFile("/scenario/hook-in-container", HOOK_IN_CONTAINER)
            + guestFile("/etc/systemd/system/in-container.service", """
            [Unit]
            ConditionVirtualization=container
            Wants=quiesced.service
            After=quiesced.service quiesced-early.service quiesced-stopping.service
            [Service]
            Type=oneshot
            ExecStart=/bin/sh /scenario/in-container
            """)
            + """
            binds=$(ls /dev/nvme* | sed 's/^/--bind=/')
            masks=$(echo LEFT_OUT | sed 's/[^ ][^ ]*/systemd.mask=&/g')
            mkdir -p /srv/inside
            mount --bind / /srv/inside
            systemd-run -q --wait --pipe -p Delegate=yes -p RuntimeMaxSec=4min -p TimeoutStopSec=10s \\
                -E SYSTEMD_NSPAWN_API_VFS_WRITABLE=1 \\
                systemd-nspawn -q -D /srv/inside --volatile=overlay --machine=inside --boot --console=pipe --keep-unit --register=no \\
                $binds --bind=/dev/kmsg systemd.unit=in-container.service $masks </dev/null 2>&1 | tr -d '\\r' | tail -n 20 | say 'console of the container'
            umount /srv/inside
            ls /sys/bus/pci/drivers/nvme | grep -c : | say 'bound after the container'
            """.replace("LEFT_OUT", LEFT_OUT);

    private static final String KEXEC = """
            fill $disk
            # From here on nothing else writes, so that the sums are those of what the next kernel finds.
            """ + Scripts.LOAD_NEXT_KERNEL;

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
            [driver.nvme]
            shutdown = "parallel"
            """;

    private Boot first;
    private Boot next;

    NextKernelIT() {
        super("next-kernel");
    }

    private static String guestFile(String path, String content) {
        return "cat >" + path + " <<'END'\n" + content + "END\n";
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
                + CONTAINER
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
    void containerTouchesNoDriveOfItsHost() {
        assertSays(first, "scenario: container: could take a driver away");
        assertSays(first, "scenario: container: quiesced is inactive");
        assertSays(first, "scenario: container: quiesced-early is inactive");
        assertSays(first, "scenario: container: quiesced-stopping is inactive");
        assertSays(first, "scenario: container: daemon: this is a container, and the devices are not its own");
        assertSays(first, "scenario: container: started without its condition quiesced is failed");
        assertSays(first, "scenario: container: hook: quiesced: this is a container; nothing is done");
        assertSays(first, "scenario: container: the one-shot command has ended with 1");
        assertSays(first, "scenario: bound after the container: " + DRIVES);
        assertThat(first.when("slow_nvme: \\S+ notified").orElseThrow())
                .as("nothing is notified before the guest's own shutdown")
                .isGreaterThan(first.when("scenario: kexec is asked for").orElseThrow());
    }

    @Test
    @Needs(thorough = true, reason = "it seldom finds what the exit status does not")
    void oneShotCommandReportsTheContainer() {
        assertSays(first, "^quiesced: this is a container; nothing is done");
    }

    @Test
    void nextKernelFindsTheDrivesIntact() {
        assertThat(first.nvmeShutdowns()).hasSize(DRIVES);
        assertThat(first.walkedBy("nvme")).isEmpty();
        assertSays(first, "quiesced: end: " + DRIVES + " drives down");
        assertSays(next, "scenario: bound in the next kernel: " + DRIVES);
        assertSays(next, "scenario: fsck clean");
        assertSays(next, "scenario: checksums match");
    }

    @Test
    void hungOpenOfADiskDelaysNoOtherDrive() {
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
                .as("the other drives are down before the hung drive is given up")
                .allMatch(span -> span.to() < given);
        assertSays(next, "reboot: Restarting system");
        report(
                "hung open: the others took %.2f s; the hook ended %.2f s after it began",
                Boot.total(ours), hookEnds - next.when("scenario: hook begins").orElseThrow());
    }
}
