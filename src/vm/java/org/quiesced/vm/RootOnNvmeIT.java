// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Root on an NVMe drive that is left to the kernel, three more drives, and a disk on two controllers of one subsystem.
 */
class RootOnNvmeIT extends ScenarioTest {
    private static final int DATA = 3;
    private static final int PATHS = 2;

    /** Leaves the root drive to the kernel, and logs the output of verbs that change nothing. */
    private static final String LOOK = """
            echo 'root = "never"' >/etc/quiesced/conf.d/root.toml
            systemctl reload quiesced.service
            quiescectl plan --no-pager | sed -u 's/^/scenario: plan: /' >/dev/kmsg
            quiescectl capture --ask-drives /root/machine.json
            echo "scenario: drives asked: $(grep -c unsafe_shutdowns /root/machine.json)" >/dev/kmsg
            grep -q -e multi -e data0 /root/machine.json || echo "scenario: no serial number was captured" >/dev/kmsg
            quiescectl simulate /root/machine.json | sed -u 's/^/scenario: simulation: /' >/dev/kmsg
            """;

    RootOnNvmeIT() {
        super("root-on-nvme");
    }

    @Test
    void rootDriveIsNeverTouchedAndTheOthersGoDownInParallel() throws IOException, InterruptedException {
        List<Drive> drives = new ArrayList<>(nvmeRootAndData("reboot", DATA));
        drives.add(Drive.of("multi", Drive.Kind.NVME_MULTIPATH, Guest.newDisk(file("multi.img"), 64)));

        Boot boot = boot(
                "reboot",
                drives,
                Payload.quiesced(Scripts.WATCH + Scripts.slowNvme(3_000) + LOOK + SUM_ROOT + Scripts.end("reboot")));

        assertThat(boot.find("scenario: plan: .* parallel +late +nvme")).hasSize(DATA + PATHS);
        assertThat(boot.find("scenario: plan: .* kernel .* is in use: mounted on /, no exitrd: root = .never."))
                .hasSize(1);
        assertThat(boot.says("an exitrd is made")).isFalse();
        assertSays(boot, "scenario: drives asked: " + (DATA + PATHS));
        assertSays(boot, "scenario: no serial number was captured");
        assertSays(
                boot,
                "scenario: simulation: quiesced: " + (DATA + PATHS)
                        + " drives down, \\d left to the kernel \\(nvme\\d: in use, mounted on /, no exitrd: ");
        assertThat(boot.find("quiesced: nvme (\\S+) \\(nvme\\d+\\) left to the kernel: \\S+ is in use: mounted on /"))
                .as("left to the kernel for being in use")
                .hasSize(1);
        assertThat(boot.walkedBy("nvme"))
                .as("shut down by the kernel's own walk: the root drive alone")
                .hasSize(1);
        Map<String, Boot.Span> ours = new LinkedHashMap<>(boot.nvmeShutdowns());
        Boot.Span rootDrive = ours.remove(boot.walkedBy("nvme").get(0));
        assertThat(ours).hasSize(DATA + PATHS);
        assertThat(boot.notifications())
                .as("each controller got CC.SHN exactly once")
                .hasSize(1 + DATA + PATHS);
        report(
                "%d controllers in %.2f s, slowest %.2f s; then the kernel's root drive",
                ours.size(), Boot.total(ours), Boot.longest(ours));
        assertParallel(ours);
        assertThat(ours.values())
                .allSatisfy(span -> assertThat(span.overlaps(rootDrive)).isFalse());

        assertSays(boot, "scenario: the root file system is read-only");

        assertRootIsClean("again", drives);
    }
}
