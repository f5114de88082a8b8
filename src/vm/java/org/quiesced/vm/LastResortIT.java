// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A drive whose removal never ends: the machine restarts, as it does without quiesced. */
@Needs(drives = 2)
class LastResortIT extends ScenarioTest {
    /**
     * Makes the removal of a drive hang, at a point that the kernel's shutdown of a drive does not reach. A newline
     * would become part of the parameter's value.
     */
    private static final String STUCK = """
            printf %s "$(basename "$(readlink -f /sys/class/nvme/nvme0/device)")" >/sys/module/slow_nvme/parameters/stuck
            """;

    /** The time of a drive is the sum of the driver's time limits: 100 s by default, 20 s with these limits. */
    private static final String SHORT_LIMITS = """
            for limit in admin_timeout io_timeout; do echo 5 >/sys/module/nvme_core/parameters/$limit; done
            """;

    LastResortIT() {
        super("last-resort");
    }

    private Boot boot(String step, Payload payload) throws IOException, InterruptedException {
        Drive root = step.equals("stock") ? stockRoot(step) : installedRoot(step);
        return boot(step, dataDrivesAfter(root), payload);
    }

    private static String script(String verb) {
        return Scripts.WATCH + Scripts.slowNvme(1_000) + STUCK + SHORT_LIMITS + Scripts.end(verb);
    }

    private static String config(String guards) {
        return "deadline = \"5s\"\nearly = \"never\"\n" + guards + "[driver.nvme]\nshutdown = \"parallel\"\n";
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

    @Needs(thorough = true, reason = "it shows the stock kernel")
    @Test
    void stockMachineRestarts() throws IOException, InterruptedException {
        Boot boot = boot("stock", Payload.stock(script("reboot")));

        assertSays(boot, "reboot: Restarting system");
        assertThat(boot.says("is stuck")).isFalse();
    }

    @Test
    void stuckDriverForcesARestart() throws IOException, InterruptedException {
        Boot boot = boot("reboot", Payload.quiesced(script("reboot"), config("last_resort = \"2s\"\n")));

        double end = order(
                boot,
                "slow_nvme: \\S+ is stuck",
                "scenario: hook has ended with 0",
                "quiesced: \\S+ \\(nvme0\\): the driver is stuck, 2.00s after its time was over; restarting by force",
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

    @Needs(thorough = true, reason = "it differs from the last resort in its time, which tests without a guest show")
    @Test
    void limitHoldsWithoutLastResortAndAHungPowerOffBecomesARestart() throws IOException, InterruptedException {
        Boot boot =
                boot("limit", Payload.quiesced(script("poweroff"), config("last_resort = \"off\"\nlimit = \"20s\"\n")));

        order(
                boot,
                "slow_nvme: \\S+ is stuck",
                "quiesced: the shutdown has not ended within 20.00s; powering off by force",
                "sysrq: Emergency Sync",
                "sysrq: Power Off",
                "quiesced: the power-off hangs too; restarting by force",
                "sysrq: Resetting");
        assertThat(boot.says("the driver is stuck"))
                .as("the last resort is off")
                .isFalse();
    }
}
