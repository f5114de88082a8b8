// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Failures of the service before the shutdown: a refused reload, a full /run, a start that always fails. */
@Needs(drives = 1)
class ServiceIT extends ScenarioTest {
    private static final int STARTS = 5;

    private static final String TOOLS = """
            unit=quiesced.service
            conf=/etc/quiesced/quiesced.toml
            another() { until [ "$(systemctl show -P MainPID $unit)" != $1 ] && systemctl -q is-active $unit; do sleep 0.2; done; }
            """;

    private static final String REFUSED_RELOAD = """
            cp $conf /root/sound
            echo 'nonsense = 1' >>$conf
            touch "/etc/quiesced/conf.d/10.toml~"
            ln -s /nonexistent /etc/quiesced/conf.d/20.toml
            systemctl reload $unit 2>/dev/null
            echo $? | say 'reload of an invalid configuration ended with'
            pid=$(systemctl show -P MainPID $unit)
            kill -9 $pid
            another $pid
            echo yes | say 'back after a refused reload'
            cmp /root/sound /run/quiesced/root/etc/quiesced/quiesced.toml && echo yes | say 'with the old configuration'
            cp /root/sound $conf
            systemctl reload $unit
            echo $? | say 'reload of a sound configuration ended with'
            """;

    private static final String FULL_RUN = """
            cat /dev/zero >/run/full 2>/dev/null
            echo 1 >/run/more 2>/dev/null || df -k /run | tail -n 1 | say 'full'
            pid=$(systemctl show -P MainPID $unit)
            systemctl restart $unit
            echo $? | say 'restart with a full /run ended with'
            read -r named _ </run/quiesced/pid
            [ $named = $(systemctl show -P MainPID $unit) ] && echo yes | say 'its process is known'
            quiescectl status | say 'status'
            rm -f /run/full /run/more
            systemctl restart $unit
            """;

    private static final String START_FAILS = """
            mkdir -p /run/systemd/system/$unit.d
            printf '[Service]\nLimitAS=100M\n' >/run/systemd/system/$unit.d/test.conf
            systemctl daemon-reload
            systemctl reset-failed $unit
            systemctl restart $unit 2>/dev/null
            until systemctl -q is-failed $unit; do sleep 0.2; done
            sleep 3
            systemctl show -P ActiveState $unit | say 'state'
            systemctl show -P NRestarts $unit | say 'restarts'
            grep -c quiesced/root /proc/mounts | say 'lifeboats'
            quiescectl status 2>&1 | say 'status of a failed service'
            rm -r /run/systemd/system/$unit.d
            systemctl daemon-reload
            systemctl reset-failed $unit
            systemctl start $unit
            systemctl is-active $unit | say 'mended'
            """;

    private static final String INVALID_AT_START = """
            systemctl stop $unit
            echo 'nonsense = 1' >>$conf
            sleep 1.1
            systemctl start $unit 2>/dev/null
            systemctl show -P ExecMainStatus $unit | say 'exit code'
            journalctl --sync
            journalctl -b -u $unit -o cat --no-pager | grep -e nonsense -e 'configuration is invalid' | tail -n 2 | say 'journal'
            """;

    ServiceIT() {
        super("service");
    }

    @Test
    void drivesGoDownAfterARefusedReloadAFullRunAndAFailedStart() throws IOException, InterruptedException {
        Boot boot = boot(
                "service",
                dataDrivesAfter(installedRoot("service")),
                Payload.quiesced(Scripts.SAY
                        + Scripts.WATCH
                        + TOOLS
                        + REFUSED_RELOAD
                        + FULL_RUN
                        + START_FAILS
                        + INVALID_AT_START
                        + Scripts.end("reboot")));

        assertSays(boot, "scenario: reload of an invalid configuration ended with: 1");
        assertSays(boot, "scenario: back after a refused reload: yes");
        assertSays(boot, "scenario: with the old configuration: yes");
        assertSays(boot, "scenario: reload of a sound configuration ended with: 0");

        assertSays(boot, "scenario: full: .* 100%");
        assertSays(boot, "scenario: restart with a full /run ended with: 0");
        assertSays(boot, "scenario: its process is known: yes");
        assertSays(boot, "scenario: status: State: ready");

        assertSays(boot, "scenario: state: failed");
        assertThat(boot.find("scenario: restarts: (\\d+)").stream()
                        .map(match -> Integer.parseInt(match.group(1)))
                        .toList())
                .allMatch(restarts -> restarts <= STARTS)
                .hasSize(1);
        assertSays(boot, "scenario: lifeboats: 0");
        assertSays(boot, "scenario: status of a failed service: .*at a shutdown the one-shot command replaces it");
        assertSays(boot, "scenario: mended: active");

        assertSays(boot, "scenario: exit code: 78");
        assertSays(boot, "scenario: journal: .*nonsense");
        assertSays(boot, "scenario: journal: the configuration is invalid");
        assertSays(boot, "quiesced: the configuration is invalid, the kernel takes over");
        assertThat(boot.walkedBy("nvme")).as("left to the kernel").hasSize(1);
    }
}
