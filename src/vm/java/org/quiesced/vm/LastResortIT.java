// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A drive whose removal never ends: the machine restarts all the same, as it does without quiesced. */
@Thorough
class LastResortIT extends ScenarioTest {
    /** The kernel's shutdown of a drive has no such wait. */
    private static final String STUCK = """
            basename "$(readlink -f /sys/class/nvme/nvme0/device)" >/sys/module/slow_nvme/parameters/stuck
            """;

    LastResortIT() {
        super("last-resort");
    }

    private Boot boot(String step, Payload payload) throws IOException, InterruptedException {
        Drive root = step.equals("stock") ? stockRoot(step) : installedRoot(step);
        return boot(step, List.of(root, Drive.nvme("data0"), Drive.nvme("data1")), payload);
    }

    private static String script(String verb) {
        return Scripts.WATCH + Scripts.slowNvme(1_000) + STUCK + Scripts.end(verb);
    }

    private static String config(String guards) {
        return "deadline = \"5s\"\nearly = \"never\"\n" + guards
                + "[driver.nvme]\nshutdown = \"parallel\"\ntimeout = \"3s\"\n";
    }

    private static double order(Boot boot, String... patterns) {
        double last = 0;
        for (String pattern : patterns) {
            assertSays(boot, pattern);
            assertThat(boot.when(pattern).orElseThrow()).as(pattern).isGreaterThanOrEqualTo(last);
            last = boot.when(pattern).orElseThrow();
        }
        return last;
    }

    @Test
    void withoutQuiescedTheMachineRestarts() throws IOException, InterruptedException {
        Boot boot = boot("stock", Payload.stock(script("reboot")));

        assertSays(boot, "reboot: Restarting system");
        assertThat(boot.says("is stuck")).isFalse();
    }

    @Test
    void whatIsStuckLongAfterItsTimeEndsInARestart() throws IOException, InterruptedException {
        Boot boot = boot("reboot", Payload.quiesced(script("reboot"), config("last_resort = \"2s\"\n")));

        double end = order(
                boot,
                "slow_nvme: \\S+ is stuck",
                "scenario: hook has ended with 0",
                "quiesced: \\S+ \\(nvme0\\): the driver is stuck, 2.00 s after its time was over; restarting by force",
                "sysrq: Emergency Sync",
                "sysrq: Emergency Remount R/O",
                "sysrq: Resetting");
        assertThat(boot.says("reboot: Restarting system"))
                .as("the kernel's own walk waits for the drive")
                .isFalse();
        assertThat(boot.find("slow_nvme: \\S+ complete")).as("the other drive").hasSize(1);
        report(
                "reset %.1f s after the removal got stuck",
                end - boot.when("is stuck").orElseThrow());
    }

    @Test
    void theLimitHoldsWhereTheLastResortIsOffAndAPowerOffThatHangsTooIsARestart()
            throws IOException, InterruptedException {
        Boot boot =
                boot("limit", Payload.quiesced(script("poweroff"), config("last_resort = \"off\"\nlimit = \"20s\"\n")));

        order(
                boot,
                "slow_nvme: \\S+ is stuck",
                "quiesced: the shutdown has not ended within 20.00 s; powering off by force",
                "sysrq: Emergency Sync",
                "sysrq: Power Off",
                "quiesced: the power-off hangs too; restarting by force",
                "sysrq: Resetting");
    }
}
