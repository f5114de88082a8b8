// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Devices that get no command, and a drive that does not confirm its shutdown, in one guest. */
@Needs(drives = 1, modules = "scsi_debug", thorough = true, reason = "simulated machines show each state of a disk")
class EndingsIT extends ScenarioTest {
    /**
     * Makes one disk offline and another suspended. From then on the emulated disks log the commands that they receive.
     */
    private static final String UNREADY = """
            modprobe scsi_debug num_tgts=4 dev_size_mb=16
            until [ "$(ls /sys/class/scsi_disk | wc -l)" = 4 ]; do sleep 0.2; done
            udevadm settle
            sleeper=$(ls -d /sys/bus/scsi/devices/*:0:2:0)
            echo 100 >$sleeper/power/autosuspend_delay_ms
            echo auto >$sleeper/power/control
            until [ "$(cat $sleeper/power/runtime_status)" = suspended ]; do sleep 0.2; done
            echo offline >$(ls -d /sys/bus/scsi/devices/*:0:1:0)/state
            echo 1 >/sys/bus/pseudo/drivers/scsi_debug/opts
            quiescectl plan --no-pager | grep -e ':0:1:0' -e ':0:2:0' | say plan
            echo "scenario: after the plan it is $(cat $sleeper/power/runtime_status)" >/dev/kmsg
            """;

    /**
     * Makes the drive take longer than its driver waits; meanwhile another hook logs the message that the driver logs
     * then.
     */
    private static final String UNCONFIRMED = Scripts.slowNvme(7_000) + """
            cat >/usr/lib/systemd/system-shutdown/liar <<'END'
            #!/bin/sh
            sleep 4
            echo '<3>nvme nvme0: Device not ready; aborting shutdown, CSTS=0x1' >/dev/kmsg
            END
            chmod +x /usr/lib/systemd/system-shutdown/liar
            """;

    EndingsIT() {
        super("endings");
    }

    @Test
    void unreadyDisksGetNoCommandAndUnconfirmedDriveIsNotDown() throws IOException, InterruptedException {
        Boot boot = boot(
                "poweroff",
                dataDrivesAfter(installedRoot("poweroff")),
                Payload.quiesced(Scripts.WATCH + Scripts.SAY + UNREADY + UNCONFIRMED + Scripts.end("poweroff")));

        assertSays(boot, "scenario: plan: .*:0:1:0 is offline, not running");
        assertSays(boot, "scenario: plan: .*:0:2:0 is suspended, so there is nothing to do");
        assertSays(boot, "scenario: after the plan it is suspended");
        assertSays(boot, "quiesced: sd \\S+ \\(sd.\\) left to the kernel: \\d+:0:1:0 is offline, not running");
        assertSays(boot, "quiesced: sd \\S+ \\(sd.\\) left to the kernel: \\d+:0:2:0 is suspended");
        assertThat(boot.find("quiesced: sd .* is down after")).hasSize(2);
        assertThat(boot.since("scenario: hook begins").find("\\d+:0:[12]:0: .*cmd "))
                .as("commands to the two; before the hook LVM's own stop may read them")
                .isEmpty();
        // The daemon reads the kernel's log despite the restrictions of its unit.
        assertSays(boot, "quiesced: nvme \\S+ \\(nvme0\\) is unbound, but did not confirm its shutdown within 5.00s");
    }
}
