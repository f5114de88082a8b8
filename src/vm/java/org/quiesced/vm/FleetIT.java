// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Machines like those that are reported: a cloud machine with eight quick drives, and a server with twenty slow drives.
 * Times are printed, not asserted.
 */
@Needs(thorough = true, reason = "it measures, and other scenarios assert the same on fewer drives")
class FleetIT extends ScenarioTest {
    private static final String ASKED = "scenario: reboot is asked for";
    private static final String HOOKS = "scenario: hooks begin";

    FleetIT() {
        super("fleet");
    }

    @Test
    void eightQuickDrivesGoDownInParallel() throws IOException, InterruptedException {
        restartWithDataDrives("8x85ms", 8, 85);
    }

    @Test
    void twentySlowDrivesGoDownInParallel() throws IOException, InterruptedException {
        restartWithDataDrives("20x13s", 20, 13_000);
    }

    private void restartWithDataDrives(String name, int count, int milliseconds)
            throws IOException, InterruptedException {
        List<Drive> drives = new ArrayList<>(List.of(installedRoot(name)));
        drives.addAll(dataDrives(count));

        Boot ours = boot(name, drives, Payload.quiesced(script(milliseconds)));

        assertThat(ours.nvmeShutdowns()).hasSize(count);
        assertThat(ours.notifications()).hasSize(count);
        assertThat(ours.walkedBy("nvme")).isEmpty();
        double slowest = Boot.longest(ours.nvmeShutdowns());
        double all = Boot.total(ours.nvmeShutdowns());
        report("%s: slowest %.3f s, all %.3f s, ratio %.2f", name, slowest, all, all / slowest);
        reportTimes(this, name + ", ours", ours);
    }

    static String script(int milliseconds) {
        return Scripts.WATCH + Scripts.slowNvme(milliseconds) + "sleep 5\n" + Scripts.end("reboot");
    }

    static void reportTimes(ScenarioTest scenario, String name, Boot boot) {
        scenario.report(
                "%s: request to restart %.3f s, hooks to restart %.3f s",
                name, boot.toRestartFrom(ASKED), boot.toRestartFrom(HOOKS));
    }
}
