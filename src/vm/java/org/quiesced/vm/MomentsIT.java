// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Events that do not end the machine unbind no driver. A forced shutdown, which stops no units, unbinds drivers by the
 * hook only.
 */
@Needs(
        drives = MomentsIT.DRIVES,
        thorough = true,
        reason = "it seldom finds anything: nothing listens to these moments")
class MomentsIT extends ScenarioTest {
    static final int DRIVES = 3;

    /**
     * Ctrl-Alt-Del more than seven times within two seconds reboots by force (systemd-system.conf(5),
     * CtrlAltDelBurstAction=).
     */
    private static final String GO_ON = """
            bound() { echo "scenario: $1: $(ls /sys/bus/pci/drivers/nvme | grep -c :) drives are bound" >/dev/kmsg; }
            sh /scenario/hook reboot 2>&1 | say by-hand
            bound hook
            echo "late reboot 1" >/run/quiesced/request
            sleep 2
            journalctl --sync
            journalctl -b -u quiesced.service -o cat --no-pager | grep 'nothing is done' | say request
            bound request
            # The kernel's own test of both: devices are suspended for five seconds and resumed, and that is the end of it.
            echo devices >/sys/power/pm_test
            systemctl start systemd-suspend.service && echo "scenario: was suspended" >/dev/kmsg
            bound suspend
            echo disk >/sys/power/state && echo "scenario: was hibernated" >/dev/kmsg
            bound hibernation
            echo none >/sys/power/pm_test
            quiescectl status | say status
            cat >/run/systemd/system/go-on.service <<'END'
            [Unit]
            DefaultDependencies=no
            IgnoreOnIsolate=yes
            [Service]
            ExecStart=/bin/sh /scenario/go-on
            END
            cat >/scenario/go-on <<'END'
            systemctl isolate rescue.target
            sleep 2
            echo "scenario: rescue: $(ls /sys/bus/pci/drivers/nvme | grep -c :) drives are bound" >/dev/kmsg
            echo "scenario: rescue: the daemon is $(systemctl is-active quiesced.service)" >/dev/kmsg
            echo "scenario: reboot is asked for" >/dev/kmsg
            for i in 1 2 3 4 5 6 7 8 9 10; do kill -INT 1; done
            END
            systemctl daemon-reload
            systemctl start --no-block go-on.service
            """;

    MomentsIT() {
        super("moments");
    }

    @Test
    void driversStayBoundUntilTheMachineGoesDown() throws IOException, InterruptedException {
        List<Drive> drives = dataDrivesAfter(installedRoot("reboot"));
        Boot boot =
                boot("reboot", drives, Payload.quiesced(Scripts.WATCH + Scripts.SAY + Scripts.slowNvme(1_000) + GO_ON));

        assertSays(boot, "scenario: by-hand: quiesced: the system is not at the end of a shutdown; nothing is done");
        assertSays(boot, "scenario: request: the system is not at the end of a shutdown; nothing is done");
        for (String moment : List.of("hook", "request", "suspend", "hibernation", "rescue")) {
            assertSays(boot, "scenario: " + moment + ": " + DRIVES + " drives are bound");
        }
        assertSays(boot, "scenario: was suspended");
        assertSays(boot, "scenario: was hibernated");
        assertSays(boot, "scenario: status: State: ready");
        assertSays(boot, "scenario: rescue: the daemon is active");
        // The kernel itself shuts drives down when it suspends them.
        assertThat(boot.since("scenario: hook begins").nvmeShutdowns())
                .as("since the hook has begun")
                .hasSize(DRIVES);
        assertThat(boot.since("scenario: hook begins").find("quiesced: nvme \\S+ .*is down after"))
                .hasSize(DRIVES);
        assertThat(boot.until("scenario: hook begins").find("quiesced: nvme \\S+ .*is down after"))
                .isEmpty();
        assertThat(boot.walkedBy("nvme")).isEmpty();
        assertSays(boot, "scenario: hook has ended with 0");
    }
}
