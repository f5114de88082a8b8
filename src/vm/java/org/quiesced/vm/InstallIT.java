// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code apt install} of the package on a bare guest. */
class InstallIT extends ScenarioTest {
    /** Limit of the sum of the lifeboat's size and the daemon's resident memory, in kB. */
    private static final int MEMORY = 82_000;

    InstallIT() {
        super("install");
    }

    @Test
    void installationStartsTheServiceWithoutQuestionsAndTouchesNoDrive() throws IOException, InterruptedException {
        Boot boot = installed().boot();

        assertThat(boot.says("scenario: apt: .*not starting it"))
                .as("that a unit is not started")
                .isFalse();
        assertThat(boot.find("scenario: active: active")).as("both units").hasSize(2);
        assertThat(boot.find("scenario: bound: 2")).as("before and after").hasSize(2);
        assertSays(boot, "scenario: status: 2 drives in parallel");
        assertThat(boot.find("scenario: plan: .* parallel +late +nvme .* opted in"))
                .hasSize(2);
        assertSays(boot, "scenario: plan: Plan of quiesced.service");
        assertSays(boot, "scenario: explain: .* shutdown = \"parallel\"  # /etc/quiesced/quiesced.toml:\\d+");
        for (String check : List.of("service", "version", "units", "hook", "configuration", "selinux", "plan")) {
            assertSays(boot, "scenario: doctor: ok +" + check + " ");
        }
        assertSays(boot, "scenario: doctor: warning +record .* to do: ");
        assertSays(boot, "scenario: doctor ended with: 0");
        // The runtime silently ignores an archive of classes that does not match it, else it maps the archive's two
        // parts. MADV_POPULATE_WRITE exists since Linux 5.14.
        assertSays(boot, "scenario: mapped: 2");
        // With -Xshare:on it ends without its archive. The command line is that of quiesced(8).
        assertSays(boot, "scenario: by the archive of the command: Usage: quiesced ");
        assertThat(boot.find("scenario: archive: (freed|5\\.10\\..*)")).hasSize(1);
        // From the power-off after the installation.
        assertSays(boot, "quiesced: end: 2 drives down");
        double took = seconds(boot, "after") - seconds(boot, "before");
        report("from apt-get install to active: %.1f s", took);
        int copy = number(boot, "lifeboat: (\\d+)");
        int resident = number(boot, "memory: VmRSS:\\s+(\\d+) kB");
        report("lifeboat: %d kB, resident: %d kB", copy, resident);
        if (boot.says("scenario: archive: freed")) {
            assertThat(copy + resident)
                    .as("kB of memory, with room for other releases of kernel and C library")
                    .isLessThan(MEMORY);
        }
        boot.find("scenario: resident: (.*)").forEach(part -> report("resident: %s", part.group(1)));
        report("%s", boot.find("scenario: memory: (RssAnon:.*)").get(0).group(1));
        report("%s", boot.find("scenario: security: (.*)").get(0).group(1));
    }

    private static int number(Boot boot, String pattern) {
        return Integer.parseInt(boot.find("scenario: " + pattern).get(0).group(1));
    }

    private static double seconds(Boot boot, String mark) {
        return Double.parseDouble(
                boot.find("scenario: " + mark + ": (\\S+) ").get(0).group(1));
    }
}
