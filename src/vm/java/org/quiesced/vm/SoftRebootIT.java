// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code systemctl soft-reboot}, which systemd 254 and newer have: user space starts anew, the kernel and the drives go on. */
class SoftRebootIT extends ScenarioTest {
    private static final int DRIVES = 2;

    /** Runs twice: /run outlives a soft-reboot. */
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
            """;

    SoftRebootIT() {
        super("soft-reboot");
    }

    @Test
    void noDeviceIsTouchedAndTheDaemonIsStartedAnew() throws IOException, InterruptedException {
        assumeThat(System.getProperty("quiesced.suite", "bookworm"))
                .as("a suite whose systemd knows soft-reboot")
                .isNotIn("bullseye", "bookworm");
        List<Drive> drives = List.of(installedRoot("soft-reboot"), Drive.nvme("data0"), Drive.nvme("data1"));
        Boot boot = boot(
                "soft-reboot", drives, Payload.stock(Scripts.SAY + Scripts.WATCH + SCRIPT + Scripts.end("poweroff")));

        assertSays(boot, "scenario: after the soft-reboot: active");
        assertSays(boot, "scenario: another daemon: yes");
        assertSays(boot, "scenario: restarts after a failure: 0");
        assertThat(boot.find("scenario: bound: " + DRIVES))
                .as("before and after")
                .hasSize(2);
        assertThat(boot.notifications())
                .as("each controller got CC.SHN once, at the power-off")
                .hasSize(DRIVES);
        assertThat(boot.walkedBy("nvme")).isEmpty();
    }
}
