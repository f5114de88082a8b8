// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Root on an NVMe drive and three data drives, in a guest whose SELinux policy is enforced: all parts of the package
 * work in the domains of its policy module, and nothing is denied to them.
 */
@Needs(
        suite = Suite.TRIXIE,
        thorough = true,
        reason = "the policy was tried there, and it takes long and seldom finds anything")
class SelinuxIT extends ScenarioTest {
    private static final int DATA = 3;

    private static final String LOOK = Scripts.SAY + """
            getenforce | say mode
            systemctl start quiesced.service
            echo "scenario: ready: $(systemctl show -P StatusText quiesced.service)" >/dev/kmsg
            tr '\\0' '\\n' </proc/$(systemctl show -P MainPID quiesced.service)/attr/current | say domain
            systemctl reload quiesced.service && echo done | say reload
            quiescectl status | say status
            quiescectl verify | say verify
            ls -dZ /run/quiesced /run/quiesced/root/usr | say labels
            """;

    /** Kills the daemon such that systemd does not restart it, and disables the early phase. */
    private static final String KILL = """
            mkdir -p /run/systemd/system/quiesced.service.d
            printf '[Service]\\nRestart=no\\n' >/run/systemd/system/quiesced.service.d/test.conf
            systemctl daemon-reload
            systemctl stop quiesced-early.service
            kill -9 $(cut -d " " -f 1 /run/quiesced/pid)
            """;

    SelinuxIT() {
        super("selinux");
    }

    private Boot restart(GuestImage image, Path installed, String step, String mischief)
            throws IOException, InterruptedException {
        List<Drive> drives = new ArrayList<>(
                List.of(Drive.of("root", Drive.Kind.NVME, Guest.newRoot(installed, file(step + "/root.qcow2")))));
        for (int i = 0; i < DATA; i++) {
            drives.add(Drive.nvme("data" + i));
        }
        String script = Scripts.WATCH + LOOK + Scripts.slowNvme(1_000) + mischief + Scripts.end("reboot");
        Boot boot = new Guest(image, Accelerator.of(image), file(step), drives).boot(Payload.stock(script), line -> {});
        report("%s: from the hooks' start to the restart %.2f s", step, boot.toRestartFrom("scenario: hooks begin"));
        assertSays(boot, "scenario: mode: Enforcing");
        assertSays(boot, "scenario: ready: \\d+ drives in parallel");
        assertSays(boot, "scenario: domain: system_u:system_r:quiesced_t:s0");
        assertSays(boot, "scenario: reload: done");
        assertSays(boot, "scenario: status: ");
        assertSays(boot, "scenario: labels: .*:quiesced_run_t:.* /run/quiesced$");
        assertSays(boot, "scenario: labels: .*:quiesced_copy_t:.* /run/quiesced/root/usr$");
        assertThat(boot.says("scenario: verify: SELinux")).isFalse();
        assertNothingIsDenied(boot);
        return boot;
    }

    private static void assertNothingIsDenied(Boot boot) {
        assertThat(boot.find("avc: +denied.*(quiesced|java).*").stream()
                        .map(match -> match.group())
                        .toList())
                .as("denied to quiesced")
                .isEmpty();
    }

    @Test
    void serviceIsDeniedNothingAndDrivesGoDownInParallel() throws IOException, InterruptedException {
        GuestImage image = GuestImage.enforcing(Asked.SUITE);
        Installed installed = Installed.in(image, Accelerator.of(image), file("install"));
        assertThat(installed.boot().find("scenario: active: active"))
                .as("both units, right after the installation")
                .hasSize(2);
        assertNothingIsDenied(installed.boot());

        Boot boot = restart(image, installed.root(), "daemon", "");
        assertSays(boot, "quiesced: an exitrd is made, for the root drives: ");
        Map<String, Boot.Span> ours = boot.nvmeShutdowns();
        assertThat(ours).hasSize(1 + DATA);
        assertThat(boot.notifications())
                .as("each controller got CC.SHN exactly once")
                .hasSize(1 + DATA);
        assertThat(boot.walkedBy("nvme")).as("left to the kernel's own walk").isEmpty();

        Boot oneShot = restart(image, installed.root(), "one-shot", KILL);
        assertSays(oneShot, "quiesced: reboot: shutting down \\d drives in parallel");
        assertSays(oneShot, "quiesced: end: " + DATA + " drives down");
    }
}
