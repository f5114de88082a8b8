// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** An upgrade of the package in place, and its removal. */
@Needs(drives = 1)
class PackageIT extends ScenarioTest {
    /**
     * Checks ten times a second, while the package is installed over itself, whether the daemon or the one-shot command
     * would serve a shutdown.
     */
    private static final String UPGRADE = """
            daemon() { read -r pid _ </run/quiesced/pid && [ -p /run/quiesced/request ] && kill -0 $pid; } 2>/dev/null
            : >/root/looks
            (while :; do
                if daemon; then echo daemon; elif [ -x /usr/lib/quiesced/bin/quiescectl ]; then echo command; else echo nobody; fi
                sleep 0.1
            done) >>/root/looks &
            looking=$!
            before=$(cut -d " " -f 1 /run/quiesced/pid)
            apt-get install -y --reinstall /root/quiesced.deb </dev/null >/root/out 2>&1 || say 'upgrade failed' </root/out
            kill $looking
            sort /root/looks | uniq -c | say looks
            [ "$before" != "$(cut -d " " -f 1 /run/quiesced/pid)" ] && echo yes | say 'another daemon'
            systemctl is-active quiesced.service quiesced-history.timer | say active
            """;

    private static final String PURGE = """
            apt-get purge -y quiesced </dev/null >/root/out 2>&1 || say 'purge failed' </root/out
            find /etc /usr /var /run /lib -xdev -iname '*quiesced*' ! -path '/etc/hostname' ! -name 'quiesced-scenario*' \\
                ! -path '/etc/systemd/system/multi-user.target.wants/quiesced-scenario*' ! -path '/run/systemd/*' \\
                ! -path '/run/log/*' ! -path '/run/udev/*' ! -path '/etc/initramfs-tools/*' ! -path '/var/log/*' ! -path '/var/lib/systemd/coredump*' | say left
            ls -d /run/quiesced /etc/quiesced /usr/lib/quiesced 2>/dev/null | say left
            grep quiesced-root /proc/mounts | say left
            grep quiesced /proc/mounts | grep -v vda | say left
            """;

    PackageIT() {
        super("package");
    }

    @Test
    void upgradeLeavesNoGapAndPurgeLeavesNoFile() throws IOException, InterruptedException {
        Boot boot = boot(
                "package",
                dataDrivesAfter(installedRoot("package")),
                Payload.stock(Scripts.SAY + Scripts.WATCH + "systemctl start quiesced.service\n" + UPGRADE + PURGE
                        + Scripts.end("poweroff")));

        assertThat(boot.says("scenario: upgrade failed")).isFalse();
        assertSays(boot, "scenario: looks: \\d+ daemon");
        assertThat(boot.says("scenario: looks: \\d+ nobody")).isFalse();
        assertSays(boot, "scenario: another daemon: yes");
        assertThat(boot.find("scenario: active: active"))
                .as("service and timer")
                .hasSize(2);
        boot.find("scenario: looks: (.*)").forEach(look -> report("during the upgrade, each 0.1 s: %s", look.group(1)));
        assertThat(boot.says("scenario: purge failed")).isFalse();
        assertThat(boot.find("scenario: left: (.*)").stream().map(match -> match.group(1)))
                .isEmpty();
        assertThat(boot.walkedBy("nvme")).as("shut down by the kernel").hasSize(1);
    }
}
