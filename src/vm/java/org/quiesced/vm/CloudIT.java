// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Machines with little to gain: one with two drives that take a tenth of a second each, and one without drives. Their
 * shutdown must not become slower.
 */
@Needs(drives = 2)
class CloudIT extends ScenarioTest {
    CloudIT() {
        super("cloud");
    }

    private Boot boot(String step, Drive root, Payload payload) throws IOException, InterruptedException {
        return boot(step, dataDrivesAfter(root), payload);
    }

    private static double fromHooksToRestart(Boot boot) {
        return boot.toRestartFrom("scenario: hooks begin");
    }

    @Test
    void twoQuickDrivesGoDownByTheHook() throws IOException, InterruptedException {
        String script = Scripts.WATCH + Scripts.slowNvme(110) + Scripts.end("reboot");
        Boot stock = boot("stock", stockRoot("stock"), Payload.stock(script));
        Boot ours = boot("quiesced", installedRoot("quiesced"), Payload.quiesced(Scripts.LATE_ONLY + script));

        assertThat(ours.nvmeShutdowns()).hasSize(2);
        assertThat(ours.walkedBy("nvme")).isEmpty();
        report(
                "hooks to restart: stock %.3f s, ours %.3f s, gained %.0f ms; hook to first notification %.0f ms; hook %.0f ms",
                fromHooksToRestart(stock),
                fromHooksToRestart(ours),
                1000 * (fromHooksToRestart(stock) - fromHooksToRestart(ours)),
                1000
                        * (ours.when("slow_nvme: \\S+ notified").orElseThrow()
                                - ours.when("scenario: hook begins").orElseThrow()),
                1000
                        * (ours.when("scenario: hook has ended").orElseThrow()
                                - ours.when("scenario: hook begins").orElseThrow()));
    }

    @Test
    @Needs(thorough = true, reason = "it measures a minute of idleness")
    void hookSucceedsWithoutDrives() throws IOException, InterruptedException {
        Boot boot = boot(
                "no-drives",
                List.of(installedRoot("no-drives")),
                Payload.quiesced(Scripts.SAY + Scripts.WATCH + idleFor(60) + Scripts.end("reboot")));

        assertSays(boot, "quiesced: end: 0 drives down");
        assertSays(boot, "scenario: hook has ended with 0");
        report(
                "no drives: the hook costs %.0f ms",
                1000
                        * (boot.when("scenario: hook has ended").orElseThrow()
                                - boot.when("scenario: hook begins").orElseThrow()));
        report(
                "a minute of idleness: %s",
                boot.find("scenario: idle: (.*)").get(0).group(1));
        report("memory: %s", boot.find("scenario: memory: (.*)").get(0).group(1));
    }

    /**
     * Returns commands that log the daemon's resident memory, and over a period its wake-ups, which are the voluntary
     * context switches of its threads, and its CPU time in clock ticks.
     */
    private static String idleFor(int seconds) {
        return """
                pid=$(cut -d " " -f 1 /run/quiesced/pid)
                grep VmRSS /proc/$pid/status | say memory
                sleep 5
                wakeups() { cat /proc/$pid/task/*/status | awk '/^voluntary/ { sum += $2 } END { print sum }'; }
                ticks() { awk '{ print $14 + $15 }' /proc/$pid/stat; }
                w=$(wakeups) t=$(ticks)
                sleep SECONDS
                echo "$(($(wakeups) - w)) wake-ups, $(($(ticks) - t)) hundredths of a second of CPU" | say idle
                """.replace("SECONDS", String.valueOf(seconds));
    }
}
