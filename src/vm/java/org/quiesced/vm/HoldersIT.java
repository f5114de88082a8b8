// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Holders of disks that no unit stops: an idle array over two drives, an idle volume on a third, and on a fourth a
 * volume that a process has open until systemd-shutdown ends it.
 */
class HoldersIT extends ScenarioTest {
    private static final int DRIVES = 4;

    private static final String CONFIG = """
            release = ["md", "dm"]
            [driver.nvme]
            shutdown = "parallel"
            """;

    private static final String DISKS = Scripts.DATA_DISK + Scripts.TRY;

    private static final String BUILD = """
            systemctl mask -q --runtime --now blk-availability.service
            try mdadm --create /dev/md1 --run --level=1 --raid-devices=2 --metadata=1.2 $(disk 0) $(disk 1)
            try mdadm --wait /dev/md1
            head -c 4000000 /dev/urandom >/root/file
            try dd if=/root/file of=/dev/md1 bs=1M conv=fsync
            for number in 2 3; do
                try pvcreate -q $(disk $number)
                try vgcreate -q vg$number $(disk $number)
                try lvcreate -q -y -n lv -l 100%FREE vg$number
            done
            # Nothing stops it before systemd-shutdown does.
            cat >/run/systemd/system/opener.service <<'END'
            [Unit]
            DefaultDependencies=no
            IgnoreOnIsolate=yes
            [Service]
            ExecStart=/bin/sh -c 'exec sleep infinity </dev/vg3/lv'
            END
            systemctl daemon-reload
            systemctl start opener.service
            udevadm settle
            """;

    private static final String CHECK = """
            mdadm --assemble --scan
            udevadm settle
            array=$(ls -d /dev/md1 /dev/md/* /dev/md12[0-9] 2>/dev/null | head -n 1)
            mdadm --detail $array | grep -E 'State :|Devices :' | say array
            dmesg | grep -E 'md.*(not clean|resync)' | say repair
            head -c 4000000 $array | cmp - /root/file && echo intact | say content
            vgchange -ay 2>&1 | say volumes
            """;

    HoldersIT() {
        super("holders");
    }

    @Needs(thorough = true, reason = "only who opts in has it, and tests on simulated stacks show the order")
    @Test
    void idleStacksAreStoppedAndTheirDrivesGoDownEarly() throws IOException, InterruptedException {
        List<Drive> drives = new ArrayList<>(List.of(installedRoot("first")));
        drives.addAll(keptDrives(DRIVES, 64));

        Boot boot = boot(
                "first",
                drives,
                Payload.quiesced(Scripts.SAY
                        + DISKS
                        + Scripts.WATCH
                        + BUILD
                        + "quiescectl plan --no-pager | say before\n"
                        + Scripts.configure(CONFIG)
                        + "quiescectl plan --no-pager | say plan\n"
                        + "quiescectl status | say status\n"
                        + Scripts.slowNvme(1_500)
                        + Scripts.end("reboot")));

        assertThat(boot.find("scenario: failed")).isEmpty();
        assertThat(boot.find("scenario: before: .* late .*held by md1.*early with release = .\"md\"."))
                .hasSize(2);
        assertThat(boot.find("scenario: before: .* late .*held by dm-.*early with release = .\"dm\"."))
                .hasSize(2);
        assertThat(boot.find("scenario: plan: md1 +md +parallel +early +stop")).hasSize(1);
        assertThat(boot.find("scenario: plan: dm-\\d +dm +parallel +early +stop"))
                .hasSize(2);
        assertSays(boot, "quiesced.*: md md1 is down");
        assertSays(boot, "quiesced.*: dm dm-\\d waits for the late phase: dm-\\d is in use: .*open by sleep");
        Map<String, Boot.Span> ours = boot.nvmeShutdowns();
        assertThat(ours).hasSize(DRIVES);
        assertThat(boot.notifications()).hasSize(DRIVES);
        assertThat(boot.walkedBy("nvme")).isEmpty();
        double hook = boot.when("scenario: hook begins").orElseThrow();
        assertThat(ours.values().stream().filter(span -> span.from() < hook))
                .as("drives that go down in the early phase")
                .hasSize(DRIVES - 1);
        assertThat(ours.get("0000:04:00.0").from())
                .as("the drive of the volume that was open")
                .isGreaterThan(hook);
        double stopped = boot.when("md: md1 stopped|md1: detected capacity change.* to 0")
                .orElseThrow();
        assertThat(ours.get("0000:01:00.0").from()).isGreaterThan(stopped);
        assertThat(ours.get("0000:02:00.0").from()).isGreaterThan(stopped);
        report("from the hook's start to the restart %.2f s", boot.toRestartFrom("scenario: hook begins"));

        Boot again =
                boot("again", drives, Payload.stock(Scripts.SAY + Scripts.WATCH + CHECK + Scripts.end("poweroff")));
        assertSays(again, "scenario: array: +State : (clean|active) *$");
        assertSays(again, "scenario: array: +Active Devices : 2");
        assertThat(again.find("scenario: repair")).isEmpty();
        assertSays(again, "scenario: content: intact");
        assertThat(again.find("scenario: volumes: .*1 logical volume")).hasSize(2);
    }
}
