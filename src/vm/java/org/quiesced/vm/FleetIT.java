// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Measurements of typical machines: a cloud machine with eight quick drives, a server with twenty slow drives, and
 * small machines whose root file system is on a quick drive; also with {@code -Dquiesced.cpus=1}.
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

    @Test
    void rootDriveGoesDownBesideTwoQuickDrives() throws IOException, InterruptedException {
        restartFromRoot("root+2x110ms", 2, 110);
    }

    @Test
    void rootDriveGoesDownBesideEightQuickDrives() throws IOException, InterruptedException {
        restartFromRoot("root+8x85ms", 8, 85);
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
        reportTimes(name + ", ours", ours);
    }

    private void restartFromRoot(String name, int count, int milliseconds) throws IOException, InterruptedException {
        String script = script(milliseconds);
        reportTimes(
                name + ", stock",
                boot(name + "/stock", nvmeRootAndData(image().root(), name + "/stock", count), Payload.stock(script)));
        for (String root : List.of("never", "auto")) {
            String step = name + "/" + root;
            Boot ours = boot(
                    step,
                    nvmeRootAndData(step, count),
                    Payload.quiesced(script, "root = \"" + root + "\"\n[driver.nvme]\nshutdown = \"parallel\"\n"));
            assertThat(ours.notifications()).hasSize(1 + count);
            reportTimes(name + ", root = " + root, ours);
        }
    }

    private static String script(int milliseconds) {
        return Scripts.WATCH + Scripts.slowNvme(milliseconds) + "sleep 5\n" + Scripts.end("reboot");
    }

    private void reportTimes(String name, Boot boot) {
        report(
                "%s: request to restart %.3f s, hooks to restart %.3f s",
                name, boot.toRestartFrom(ASKED), boot.toRestartFrom(HOOKS));
    }
}
