// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A daemon that is dead or hangs when the hook starts is replaced by the one-shot command. A daemon that stops
 * responding later is left alone, and its drives in flight get their full time.
 */
@Needs(drives = FallbackIT.DRIVES)
class FallbackIT extends ScenarioTest {
    static final int DRIVES = 3;
    private static final int STARVED_MILLISECONDS = 15_000;

    FallbackIT() {
        super("fallback");
    }

    private Boot boot(String step, String mischief) throws IOException, InterruptedException {
        List<Drive> drives = dataDrivesAfter(installedRoot(step));
        return boot(
                step,
                drives,
                Payload.quiesced(Scripts.WATCH
                        + Scripts.LATE_ONLY
                        + Scripts.slowNvme(1_000)
                        + mischief
                        + Scripts.end("reboot")));
    }

    private static void assertThatTheOneShotDidIt(Boot boot) {
        assertThat(boot.nvmeShutdowns()).hasSize(DRIVES);
        assertThat(boot.notifications()).hasSize(DRIVES);
        assertThat(boot.walkedBy("nvme")).isEmpty();
        // Messages of the one-shot command.
        assertSays(boot, "quiesced: reboot: shutting down 3 drives in parallel");
        assertSays(boot, "quiesced: end: 3 drives down");
        assertSays(boot, "scenario: hook has ended with 0");
    }

    @Test
    void oneShotCommandReplacesAKilledDaemon() throws IOException, InterruptedException {
        Boot boot = boot(
                "daemon-killed",
                // Keeps systemd from restarting the daemon in time.
                """
                mkdir -p /run/systemd/system/quiesced.service.d
                printf '[Service]\nRestart=no\n' >/run/systemd/system/quiesced.service.d/test.conf
                systemctl daemon-reload
                kill -9 $(cut -d " " -f 1 /run/quiesced/pid)
                """);

        assertThatTheOneShotDidIt(boot);
        report(
                "killed: the one-shot's first notification %.1f s after the hook",
                boot.when("slow_nvme: \\S+ notified").orElseThrow()
                        - boot.when("scenario: hook begins").orElseThrow());
    }

    @Test
    void oneShotCommandReplacesAHungDaemon() throws IOException, InterruptedException {
        Boot boot = boot("daemon-hung", Scripts.HANG);

        assertThatTheOneShotDidIt(boot);
        assertSays(boot, "quiesced: the daemon does not answer, the one-shot command works beside it");
        report(
                "hung: noticed after %.2f s, the one-shot's first notification %.1f s after the hook",
                boot.when("the daemon does not answer").orElseThrow()
                        - boot.when("scenario: hook begins").orElseThrow(),
                boot.when("slow_nvme: \\S+ notified").orElseThrow()
                        - boot.when("scenario: hook begins").orElseThrow());
    }

    /**
     * Returns commands that suspend the daemon by SIGSTOP once all drives are in flight and the hook's request has
     * arrived, and resume it after a number of seconds, if the machine still runs.
     */
    private static String starve(String seconds) {
        return """
                cat >/scenario/starve <<'END'
                pid=$(cut -d " " -f 1 /run/quiesced/pid)
                until [ "$(dmesg | grep -c 'slow_nvme: .* notified')" -ge DRIVES ]; do sleep 0.1; done
                sleep 1
                # What a restart of the service begins with.
                kill -TERM $pid && kill -HUP $pid && echo "scenario: the daemon is asked to end" >/dev/kmsg
                sleep 1
                kill -STOP $pid && echo "scenario: the daemon is stopped" >/dev/kmsg
                sleep SECONDS
                kill -CONT $pid && echo "scenario: the daemon goes on" >/dev/kmsg
                END
                sed -i '/scenario: hook begins/a (trap - EXIT; sh /scenario/starve) &' /usr/lib/systemd/system-shutdown/quiesced
                """.replace("SECONDS", seconds).replace("DRIVES", Integer.toString(DRIVES));
    }

    private Boot starvedBoot(String step, String seconds) throws IOException, InterruptedException {
        List<Drive> drives = dataDrivesAfter(installedRoot(step));
        return boot(
                step,
                drives,
                Payload.quiesced(Scripts.WATCH
                        + Scripts.LATE_ONLY
                        + Scripts.slowNvme(STARVED_MILLISECONDS)
                        + starve(seconds)
                        + Scripts.end("reboot")));
    }

    private void assertThatEachHadItsFullTime(Boot boot) {
        assertSays(boot, "scenario: the daemon is asked to end");
        assertSays(boot, "scenario: the daemon is stopped");
        assertThat(boot.find("slow_nvme: \\S+ cut short")).isEmpty();
        double stopped = boot.when("scenario: the daemon is stopped").orElseThrow();
        // The module logs "complete" only for a wait that was not cut short.
        assertThat(boot.nvmeShutdowns()).hasSize(DRIVES).allSatisfy((name, span) -> {
            assertThat(span.from()).as("%s is in flight by then", name).isLessThan(stopped);
            assertThat(span.to()).as("%s completes after that", name).isGreaterThan(stopped);
        });
        assertThat(boot.notifications()).hasSize(DRIVES);
        double restart = boot.when("reboot: Restarting system").orElseThrow();
        assertThat(boot.nvmeShutdowns().values())
                .allSatisfy(span -> assertThat(span.to()).isLessThan(restart));
        assertSays(boot, "scenario: hook has ended with 0");
        report(
                "silent: the machine restarts %.1f s after the hook, the drives take %.0f s",
                restart - boot.when("scenario: hook begins").orElseThrow(), STARVED_MILLISECONDS / 1e3);
    }

    @Test
    void drivesInFlightGetTheirFullTimeWhenTheDaemonHangs() throws IOException, InterruptedException {
        Boot boot = starvedBoot("daemon-hangs-in-flight", "1000");

        assertThatEachHadItsFullTime(boot);
        assertSays(boot, "quiesced: the daemon does not answer, the one-shot command works beside it");
        assertThat(boot.says("scenario: the daemon goes on")).isFalse();
    }

    @Needs(thorough = true, reason = "a daemon that hangs permanently is the harder case")
    @Test
    void drivesInFlightGetTheirFullTimeWhenTheDaemonIsStarved() throws IOException, InterruptedException {
        Boot boot = starvedBoot("daemon-starved", "10");

        assertThatEachHadItsFullTime(boot);
    }
}
