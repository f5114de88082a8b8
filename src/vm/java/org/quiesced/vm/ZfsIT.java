// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A ZFS pool over three drives is exported at shutdown and imported by the next boot, twice. A pool with an open volume
 * stays imported.
 */
@Needs(thorough = true, reason = "OpenZFS is compiled for the guest's kernel, ten minutes or more the first time")
class ZfsIT extends ScenarioTest {
    private static final int DRIVES = 4;

    private static final String SET_UP = Scripts.TRY + """
            disk() { readlink -f /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_data$1; }
            try tar -C / -xf /zfs.tar
            rm -f /zfs.tar
            depmod
            ldconfig
            systemctl daemon-reload
            udevadm control --reload
            try modprobe zfs
            mkdir -p /etc/zfs
            try systemctl enable zfs-import-cache.service zfs-import.target zfs-mount.service zfs.target
            # No other file systems are waited for.
            systemctl mask -q zfs-volume-wait.service zfs-share.service
            try zpool create -f -o ashift=12 tank raidz $(disk 0) $(disk 1) $(disk 2)
            try zpool create -f -o ashift=12 busy $(disk 3)
            udevadm settle
            try zfs create tank/data
            head -c 8000000 /dev/urandom >/tank/data/file
            (cd /tank/data && sha256sum file >SHA256SUMS)
            try zfs create -V 64M busy/volume
            udevadm trigger --settle --subsystem-match=block
            quiescectl plan --no-pager | say before
            quiescectl status | say status
            cat >/etc/systemd/system/opener.service <<'END'
            [Unit]
            DefaultDependencies=no
            IgnoreOnIsolate=yes
            [Service]
            ExecStart=/bin/sh -c 'exec sleep infinity </dev/zd0'
            END
            # What the last shutdown has left, before the import writes it anew. At this time the console shows errors only.
            cat >/etc/systemd/system/compare.service <<'END'
            [Unit]
            DefaultDependencies=no
            After=quiesced-release.service systemd-remount-fs.service
            Before=zfs-import-cache.service
            [Service]
            Type=oneshot
            ExecStart=/bin/sh -c 'cmp /etc/zfs/zpool.cache /root/kept/cache && echo "<3>scenario: cache file: same" >/dev/kmsg'
            [Install]
            WantedBy=zfs-import.target
            END
            systemctl daemon-reload
            try systemctl enable compare.service
            """;

    private static final String CONFIG = """
            release = ["zfs"]
            [driver.nvme]
            shutdown = "parallel"
            """;

    private static final String LOOK = """
            # By hand it does nothing.
            quiescectl plan --no-pager | say plan
            cat /run/quiesced/pools | say pools
            systemctl stop quiesced-release.service
            zpool list -H -o name,health | say imported
            systemctl start quiesced-early.service quiesced-release.service
            systemctl start opener.service
            # What the unit says goes to the journal, which ends with the machine.
            mkdir -p /etc/systemd/system/quiesced-release.service.d
            printf '[Service]\\nStandardOutput=kmsg+console\\nStandardError=kmsg+console\\n' \\
                >/etc/systemd/system/quiesced-release.service.d/log.conf
            systemctl daemon-reload
            """;

    private static final String CHECK = """
            ls -l /etc/zfs | say files
            systemctl status --no-pager zfs-import-cache.service | say import
            zpool list -H -o name,health | say imported
            (cd /tank/data && sha256sum -c --quiet SHA256SUMS) && echo intact | say content
            """;

    private static final String KEEP = """
            mkdir -p /root/kept
            sync
            cp /etc/zfs/zpool.cache /root/kept/cache
            """;

    ZfsIT() {
        super("zfs");
    }

    @Test
    void idlePoolIsExportedAndTheNextBootImportsIt() throws IOException, InterruptedException {
        Path zfs = ZfsBuild.of(Asked.SUITE, image().kernelRelease());
        List<Drive> drives = new ArrayList<>(List.of(installedRoot("first")));
        drives.addAll(keptDrives(DRIVES, 256));

        Boot first = boot(
                "first",
                drives,
                new Payload(
                        Scripts.READY
                                + Scripts.SAY
                                + Scripts.WATCH
                                + SET_UP
                                + Scripts.configure(CONFIG)
                                + LOOK
                                + Scripts.slowNvme(3_000)
                                + KEEP
                                + Scripts.end("reboot"),
                        Map.of("/zfs.tar", zfs)));
        assertThat(first.find("scenario: failed")).isEmpty();
        assertThat(first.find("scenario: before: 0000:.*held by the ZFS pool tank.*release = .\"zfs\". would free it"))
                .hasSize(3);
        assertSays(first, "scenario: status: .*held by the ZFS pool .*release = .\"zfs\". would free it");
        assertThat(first.find("scenario: plan: 0000:.*early.*held by the ZFS pool tank, mounted on /tank.*; free at"))
                .hasSize(3);
        assertSays(first, "scenario: pools: tank");
        assertThat(first.find("scenario: imported: (tank|busy)\\s+ONLINE")).hasSize(2);
        assertExported(first);

        for (String step : List.of("second", "third")) {
            Boot next = boot(
                    step,
                    drives,
                    Payload.stock(Scripts.READY
                            + Scripts.SAY
                            + Scripts.WATCH
                            + CHECK
                            + "systemctl start opener.service\nquiescectl plan >/dev/null\n"
                            + Scripts.slowNvme(3_000)
                            + KEEP
                            + Scripts.end("reboot")));
            assertThat(next.find("scenario: imported: (tank|busy)\\s+ONLINE")).hasSize(2);
            assertSays(next, "scenario: cache file: same");
            assertSays(next, "scenario: content: intact");
            assertExported(next);
        }
    }

    private void assertExported(Boot boot) {
        assertSays(boot, "the ZFS pool tank is exported");
        assertSays(boot, "the ZFS pool busy stays imported: .*busy");
        Map<String, Boot.Span> shutdowns = boot.nvmeShutdowns();
        double hook = boot.when("scenario: hook begins").orElseThrow();
        assertThat(shutdowns.values().stream().filter(span -> span.from() < hook))
                .as("drives that go down in the early phase")
                .hasSize(DRIVES - 1);
        assertThat(boot.walkedBy("nvme")).as("left to the kernel").containsExactly("0000:04:00.0");
        report(
                "three drives in %.2f s, %.2f s from the hook's start to the restart",
                Boot.total(shutdowns.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals("0000:04:00.0"))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))),
                boot.toRestartFrom("scenario: hook begins"));
    }
}
