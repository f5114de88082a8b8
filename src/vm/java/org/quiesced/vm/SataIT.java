// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * SATA disks, which the kernel stops at power-off and not at a restart; newer kernels also stop them when their driver
 * is unbound from a running system.
 */
class SataIT extends ScenarioTest {
    private static final int DISKS = 3;

    /** {@code STANDBY IMMEDIATE} (ACS-4, section 7.49), into which libata translates START STOP UNIT. */
    private static final String STANDBY_IMMEDIATE = "e0";

    private static final String SCRIPT = Scripts.WATCH + """
            until [ "$(ls /sys/class/scsi_disk | wc -l)" = 3 ]; do sleep 0.2; done
            udevadm settle
            for file in /sys/class/scsi_disk/*/manage_*; do echo "scenario: $file $(cat $file)" >/dev/kmsg; done
            """;

    /** Script of both kernels. The next kernel restarts the machine, which stops no disk either. */
    private static final String KEXEC = Scripts.SAY + Scripts.WATCH + Scripts.FILL + Scripts.CHECK + """
            disk=/dev/disk/by-id/ata-QEMU_HARDDISK_data0
            if grep -q next-kernel /proc/cmdline; then
                echo "scenario: the next kernel" >/dev/kmsg
                for _ in $(seq 300); do [ "$(ls /sys/class/scsi_disk | wc -l)" = 3 ] && break; sleep 0.2; done
                udevadm settle
                ls -d /sys/bus/scsi/drivers/sd/*:* | wc -l | say 'bound in the next kernel'
                check $disk
                systemctl --no-block reboot
                exit
            fi
            """ + Scripts.READY
            + SCRIPT + """
            fill $disk
            """ + Scripts.LOAD_NEXT_KERNEL + Scripts.end("kexec");

    SataIT() {
        super("sata");
    }

    private Boot boot(String verb) throws IOException, InterruptedException {
        List<Drive> drives = new ArrayList<>(List.of(installedRoot(verb)));
        for (int i = 0; i < DISKS; i++) {
            drives.add(Drive.sata("data" + i));
        }
        Boot boot = boot(verb, drives, Payload.quiesced(SCRIPT + Scripts.end(verb)));
        assertDown(verb, boot);
        return boot;
    }

    private void assertDown(String verb, Boot boot) {
        assertThat(boot.find("quiesced: sd .* is down after")).hasSize(DISKS);
        assertThat(boot.walkedBy("sd")).as("shut down by the kernel's own walk").isEmpty();
        assertThat(boot.find("Stopping disk"))
                .as("stopped by the driver, which is gone by then")
                .isEmpty();
        report("%s: %s", verb, attributes(boot));
    }

    /**
     * Returns the kernel's attributes that control the stop of disks, which depend on its version, with their values.
     */
    private static List<String> attributes(Boot boot) {
        return boot.find("scenario: \\S+/(manage_\\S+ \\d)").stream()
                .map(matcher -> matcher.group(1))
                .distinct()
                .toList();
    }

    /** Returns the disks that were stopped, with an entry for each stop. */
    private static List<String> stopped(Boot boot) {
        return boot.ataCommands().stream()
                .filter(command -> command.code().equals(STANDBY_IMMEDIATE))
                .map(Boot.AtaCommand::disk)
                .toList();
    }

    @Test
    @Needs(thorough = true, reason = "it seldom finds what the power-off does not")
    void rebootStopsNoDisk() throws IOException, InterruptedException {
        Boot boot = boot("reboot");

        assertThat(boot.ataCommands()).as("commands are traced").isNotEmpty();
        assertThat(stopped(boot)).isEmpty();
    }

    @Test
    void powerOffStopsEachDiskOnce() throws IOException, InterruptedException {
        assertThat(stopped(boot("poweroff"))).hasSize(DISKS).doesNotHaveDuplicates();
    }

    @Needs(thorough = true, reason = "NextKernelIT shows kexec with NVMe drives")
    @Test
    void kexecStopsNoDiskAndTheNextKernelFindsTheDataIntact() throws IOException, InterruptedException {
        List<Drive> drives = new ArrayList<>(List.of(
                installedRoot("kexec"), Drive.of("data0", Drive.Kind.SATA, Guest.newDisk(file("data0.img"), 256))));
        for (int i = 1; i < DISKS; i++) {
            drives.add(Drive.sata("data" + i));
        }

        Boot all = boot("kexec", drives, Payload.stock(KEXEC));

        Boot next = all.since("scenario: the next kernel");
        assertDown("kexec", all.until("scenario: the next kernel"));
        assertThat(all.ataCommands()).as("commands are traced").isNotEmpty();
        assertThat(stopped(all)).isEmpty();
        assertSays(next, "scenario: bound in the next kernel: " + DISKS);
        assertSays(next, "scenario: fsck clean");
        assertSays(next, "scenario: checksums match");
        assertThat(next.find("Stopping disk")).isEmpty();
    }
}
