// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Data that a program has written to a disk itself, without fsync(2), and that only the page cache has: another process
 * has the disk open, so that the program's close(2) has not written it.
 */
@Needs(thorough = true, reason = "DiskClaimsTest shows the same on simulated machines")
class UnwrittenDataIT extends ScenarioTest {
    private static final String LINE = "quiesced\n";
    private static final int LINES = 400_000;

    /** The reader has the name and the unit of a daemon that only reads disks, and outlives all units. */
    private static final String WRITE = """
            disk=$(readlink -f /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_data0)
            cat >/scenario/smartd <<'END'
            #!/usr/bin/perl
            $SIG{$_} = 'IGNORE' for qw(TERM INT HUP);
            open my $node, '<', $ARGV[0] or die;
            open my $done, '>', '/run/reader';
            print $done 'open';
            close $done;
            sleep 1000 while 1;
            END
            chmod 755 /scenario /scenario/smartd
            cat >/etc/systemd/system/smartd.service <<END
            [Unit]
            DefaultDependencies=no
            [Service]
            ExecStart=/scenario/smartd $disk
            SendSIGKILL=no
            TimeoutStopSec=4s
            END
            systemctl daemon-reload
            systemctl start smartd.service
            until [ -s /run/reader ]; do sleep 0.1; done
            # It would read the partition table anew, and the kernel writes what it has of the disk before that.
            systemctl stop systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket
            systemctl stop quiesced.service
            sync
            echo 0 >/proc/sys/vm/dirty_writeback_centisecs
            yes quiesced | head -n LINES >$disk
            grep Dirty /proc/meminfo | say memory
            quiescectl run --verb=reboot --now --no-pager 2>&1 | say run
            """.replace("LINES", String.valueOf(LINES));

    UnwrittenDataIT() {
        super("unwritten-data");
    }

    @Test
    void dataThatOnlyThePageCacheHasIsWrittenBeforeTheDriverIsUnbound() throws IOException, InterruptedException {
        Path data = Guest.newDisk(file("data0.img"), 64);
        List<Drive> drives = List.of(installedRoot("reboot"), Drive.of("data0", Drive.Kind.NVME, data));

        Boot boot = boot(
                "reboot",
                drives,
                Payload.quiesced(
                        Scripts.SAY + Scripts.WATCH + WRITE + Scripts.slowNvme(1_000) + Scripts.end("reboot"),
                        Payload.FREE_GO_EARLY));

        boot.find("scenario: (memory|run): .*").forEach(line -> report("%s", line.group()));
        assertSays(boot, "scenario: run: .* left to the kernel: \\S+ is in use: read or written by an unknown user");
        byte[] expected = LINE.repeat(LINES).getBytes();
        assertThat(Arrays.mismatch(Arrays.copyOf(Files.readAllBytes(data), expected.length), expected))
                .as("the first byte that is lost")
                .isNegative();
    }
}
