// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * {@code systemctl soft-reboot} of systemd 254 and newer: user space restarts, while the kernel and the drives keep
 * running.
 */
@Needs(drives = SoftRebootIT.DRIVES, suite = Suite.TRIXIE, reason = "systemd has soft-reboot from 254 on")
class SoftRebootIT extends ScenarioTest {
    static final int DRIVES = 2;

    /** Number of restarts of user space: the first by the verb, the second because there is a next root. */
    private static final int SOFT_REBOOTS = 2;

    /** Runs before the first and after each soft-reboot, which {@code /run} survives. */
    private static final String SCRIPT = """
            unit=quiesced.service
            bound() { ls /sys/bus/pci/drivers/nvme/ | grep -c : | say bound; }
            if [ ! -e /run/before ]; then
                systemctl start $unit
                systemctl show -P MainPID $unit >/run/before
                bound
                echo "scenario: soft-reboot is asked for" >/dev/kmsg
                systemctl --no-block soft-reboot
                exit
            fi
            before=$(cat /run/before)
            for i in $(seq 300); do
                after=$(systemctl show -P MainPID $unit)
                [ $after = $before ] || [ $after = 0 ] || ! systemctl -q is-active $unit || break
                sleep 0.2
            done
            systemctl is-active $unit | say 'after the soft-reboot'
            systemctl show -P SoftRebootsCount | say 'soft-reboots'
            [ $after != $before ] && [ ! -e /proc/$before ] && echo yes | say 'another daemon'
            systemctl show -P NRestarts $unit | say 'restarts after a failure'
            bound
            if [ ! -e /run/next ]; then
                touch /run/next
                echo $after >/run/before
                mkdir /run/nextroot && mount --bind / /run/nextroot
                echo "scenario: reboot is asked for, and there is a next root" >/dev/kmsg
                systemctl --no-block reboot
                exit
            fi
            """;

    SoftRebootIT() {
        super("soft-reboot");
    }

    @Test
    void softRebootTouchesNoDeviceAndRestartsTheDaemon() throws IOException, InterruptedException {
        List<Drive> drives = dataDrivesAfter(installedRoot("soft-reboot"));
        Boot boot = boot(
                "soft-reboot", drives, Payload.stock(Scripts.SAY + Scripts.WATCH + SCRIPT + Scripts.end("poweroff")));

        assertThat(boot.find("scenario: after the soft-reboot: active")).hasSize(SOFT_REBOOTS);
        assertThat(boot.find("scenario: another daemon: yes")).hasSize(SOFT_REBOOTS);
        assertThat(boot.find("scenario: restarts after a failure: 0")).hasSize(SOFT_REBOOTS);
        assertThat(boot.find("scenario: bound: " + DRIVES))
                .as("before and after")
                .hasSize(SOFT_REBOOTS + 1);
        assertThat(boot.notifications())
                .as("each controller got CC.SHN once, at the power-off")
                .hasSize(DRIVES);
        assertThat(boot.walkedBy("nvme")).isEmpty();
    }
}
