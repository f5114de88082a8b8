// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A shutdown that is cancelled, by hand or by a failed stop job, after its early phase has taken two drives down; then
 * a shutdown that is not cancelled.
 */
class CancelledIT extends ScenarioTest {
    /**
     * A unit whose stop command lasts, and runs the rest of the scenario. Nothing else that is started by hand survives
     * that much of a shutdown.
     */
    private static final String HOLD = unit("hold", "", "sh /run/hold") + """
            cat >/run/hold <<'END'
            say() { while read -r line; do echo "scenario: $1: $line" >/dev/kmsg; done; }
            bound() { ls -d /sys/bus/pci/drivers/nvme/*:* 2>/dev/null | wc -l; }
            # The second shutdown stops this unit again.
            [ ! -e /run/was-cancelled ] || exit 0
            for i in $(seq 300); do [ $(bound) != 0 ] || break; sleep 0.2; done
            echo "rcu_expedited is $(cat /sys/kernel/rcu_expedited)" | say down
            touch /run/was-cancelled
            CANCEL
            echo "cancelled" | say down
            for i in $(seq 300); do [ $(bound) != 2 ] || break; sleep 0.2; done
            for i in $(seq 10); do ! quiescectl status | grep Remark || break; done
            bound | say bound
            quiescectl status | say status
            quiescectl plan --no-pager | say plan
            systemctl show -P StatusText quiesced.service | say text
            cat /sys/kernel/rcu_expedited | say rcu
            ls /run/quiesced | say files
            systemctl is-active quiesced-early.service | say early
            systemctl is-system-running | say system
            journalctl --sync
            journalctl -b -u quiesced.service -o cat --no-pager | grep cancelled | say journal
            journalctl -b -o cat --no-pager _PID=1 | grep 'stuck.service: Job .* timed out' | say jobs
            for i in 0 1; do mount /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_data$i /data$i && echo mounted | say again; done
            echo "a reboot is asked for that is not cancelled" | say second
            systemctl --no-block reboot
            END
            systemctl daemon-reload
            systemctl start hold.service
            for i in 0 1; do
                mkdir -p /data$i && mkfs.ext4 -q -F /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_data$i
                mount /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_data$i /data$i
            done
            """;

    /**
     * A unit whose stop job fails at its time limit, once the drives are down. {@code shutdown.target} cannot be
     * reached while the unit runs, so the failure cancels the jobs of the shutdown.
     */
    private static final String STUCK = unit("gate", "", "sh -c 'until [ -e /run/was-cancelled ]; do sleep 0.2; done'")
            + unit("stuck", "Before=gate.service\nJobRunningTimeoutSec=1s\n", "sleep 1000")
            + """
            mkdir -p /run/systemd/system/shutdown.target.d
            printf '[Unit]\\nConflicts=stuck.service\\n' >/run/systemd/system/shutdown.target.d/stuck.conf
            systemctl daemon-reload
            systemctl start gate.service stuck.service
            """;

    /** Ends the stuck unit when its job has failed, so that the next shutdown does not wait for it. */
    private static final String AWAIT_FAILURE = """
            while [ "$(systemctl is-system-running)" = stopping ]; do sleep 0.2; done
            systemctl kill -s KILL stuck.service""";

    /** Requests the restart once the boot has finished; the scenario is part of the boot. */
    private static final String END = """
            cat >/run/ask <<'END'
            until systemctl is-system-running | grep -qx -e running -e degraded; do sleep 0.5; done
            echo 'scenario: reboot is asked for' >/dev/kmsg
            systemctl --no-block reboot
            END
            systemd-run --quiet --no-block --unit=ask sh /run/ask
            """;

    /**
     * Returns commands that make a unit which a shutdown stops and waits for.
     *
     * @param more lines of its section {@code [Unit]}
     * @param stop the command that stops it
     */
    private static String unit(String name, String more, String stop) {
        return "cat >/run/systemd/system/" + name + ".service <<'END'\n"
                + "[Unit]\nDefaultDependencies=no\nConflicts=shutdown.target\nBefore=shutdown.target\n" + more
                + "[Service]\nType=oneshot\nRemainAfterExit=yes\nTimeoutStopSec=5min\nExecStart=true\nExecStop=" + stop
                + "\nEND\n";
    }

    CancelledIT() {
        super("cancelled");
    }

    @Test
    void drivesAreBoundAgainAfterACancelledShutdownAndGoDownInTheNext() throws IOException, InterruptedException {
        assertThatAllIsUndone(boot("boot", HOLD.replace("CANCEL", "systemctl cancel")));
    }

    @Needs(thorough = true, reason = "what follows is the same as after systemctl cancel")
    @Test
    void drivesAreBoundAgainAfterAFailedStopJobAndGoDownInTheNext() throws IOException, InterruptedException {
        Boot boot = boot("stop-job", STUCK + HOLD.replace("CANCEL", AWAIT_FAILURE));

        assertSays(boot, "scenario: jobs: .*stuck.service.*timed out");
        assertThatAllIsUndone(boot);
    }

    private Boot boot(String step, String script) throws IOException, InterruptedException {
        Drive data0 = Drive.of("data0", Drive.Kind.NVME, Guest.newDisk(file("data0.img"), 64));
        Drive data1 = Drive.of("data1", Drive.Kind.NVME, Guest.newDisk(file("data1.img"), 64));
        return boot(
                step,
                List.of(installedRoot(step), data0, data1),
                Payload.quiesced(Scripts.WATCH + script + Scripts.slowNvme(1_000) + END));
    }

    private void assertThatAllIsUndone(Boot boot) {
        assertSays(boot, "scenario: down: rcu_expedited is 1");
        assertSays(boot, "scenario: bound: 2");
        assertSays(boot, "scenario: status: State: ready");
        assertSays(boot, "scenario: status: Remark: the shutdown of .* was cancelled; 2 drives were bound again");
        assertThat(boot.find("scenario: plan: .*nvme\\d.*parallel"))
                .as("drives in the plan after the cancellation")
                .hasSize(2);
        assertSays(boot, "scenario: text: .*; the shutdown of .* was cancelled; 2 drives were bound again");
        assertSays(boot, "scenario: rcu: 0");
        assertSays(boot, "scenario: files: pid");
        assertThat(boot.find("scenario: files: verb"))
                .as("the verb of the cancelled shutdown")
                .isEmpty();
        assertSays(boot, "scenario: early: active");
        assertSays(boot, "scenario: journal: the shutdown of .* was cancelled; 2 drives were bound again");
        assertThat(boot.find("scenario: again: mounted")).hasSize(2);
        report(
                "drives bound again, and said so, %.1f s after the shutdown was cancelled",
                boot.when("scenario: bound").orElseThrow()
                        - boot.when("scenario: down: cancelled").orElseThrow());

        assertThat(boot.notifications())
                .as("notifications: two drives in two shutdowns")
                .hasSize(4);
        assertThat(boot.walkedBy("nvme")).isEmpty();
        assertSays(boot, "scenario: hook has ended with 0");
        assertSays(boot, "reboot: Restarting system");
        double second = boot.when("scenario: second").orElseThrow();
        assertThat(boot.nvmeShutdowns().values())
                .as(
                        "in the second shutdown; after a cancelled one no target orders the search for users before the unmounting")
                .allSatisfy(span -> assertThat(span.from()).isGreaterThan(second));
    }
}
