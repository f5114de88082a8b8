// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;

/**
 * Drives that are used without a claim, each in a different way, by processes that outlive all units. The daemon in its
 * lifeboat detects and names each user, and leaves the drive alone until the user has ended.
 */
@Needs(modules = {"target_core_file", "dm_multipath"})
class UsersIT extends ScenarioTest {
    private static final List<String> DRIVES =
            List.of("partition", "namespace", "character", "nobody", "reader", "loop", "export", "spare");

    /** Offset of the partition on its drive, in bytes, at which its writer writes. */
    private static final int PARTITION = 1 << 20;

    private static final int BLOCK = 512;

    /**
     * {@code writer NAME NODE} repeatedly writes a number to the same block, each time to the medium, and logs it.
     * {@code holder NODE FILE} keeps a node open for reading, and writes to a file once it has opened the node. Both
     * have the name under which they are started, and end by SIGKILL only.
     */
    private static final String PROGRAMS = """
            # So long systemd-shutdown waits for processes that do not end.
            mkdir -p /etc/systemd/system.conf.d
            printf '[Manager]\\nDefaultTimeoutStopSec=6s\\n' >/etc/systemd/system.conf.d/quick.conf
            systemctl daemon-reexec
            cat >/scenario/writer <<'END'
            #!/usr/bin/perl
            use Fcntl;
            my ($name, $node) = @ARGV;
            $SIG{$_} = 'IGNORE' for qw(TERM INT HUP);
            sub note { open my $log, '>', '/dev/kmsg'; syswrite $log, "scenario: $name: $_[0]\\n"; }
            sysopen my $disk, $node, O_RDWR | O_SYNC or note("failed: $!");
            for (my $n = 1; ; $n++) {
                sysseek $disk, 0, 0;
                my $written = syswrite $disk, sprintf('%-512d', $n);
                note($written == 512 ? "wrote $n" : "failed: $!");
                select undef, undef, undef, 0.2;
            }
            END
            cat >/scenario/holder <<'END'
            #!/usr/bin/perl
            $SIG{$_} = 'IGNORE' for qw(TERM INT HUP);
            open my $node, '<', $ARGV[0] or die;
            open my $done, '>', $ARGV[1];
            print $done 'open';
            close $done;
            sleep 1000 while 1;
            END
            chmod 755 /scenario /scenario/writer /scenario/holder
            disk() { readlink -f /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_$1; }
            # It leaves a unit that systemd stops and does not kill: the process is there until the last kill.
            stay() {
                unit=$1
                shift
                systemd-run -q --scope --unit=$unit -p SendSIGKILL=no -p TimeoutStopSec=4s "$@" &
            }
            until_there() { for _ in $(seq 100); do [ ! -s "$1" ] || return; sleep 0.1; done; echo "$1 is missing" | say failed; }
            until_said() { for _ in $(seq 100); do ! dmesg | grep -q "$1" || return; sleep 0.1; done; echo "$1" | say failed; }
            number() { IFS=: read -r major minor </sys/class/block/${1#/dev/}/dev; echo $major $minor; }
            part() { echo 'start=2048' | sfdisk -q --no-reread $1 && partx -u $1; udevadm settle; }
            """;

    private static final String USERS = """
            # They scan all disks as they are stopped: a drive that is read in that moment waits too, and is none of those shown here.
            systemctl stop lvm2-monitor.service blk-availability.service 2>/dev/null
            part $(disk partition)
            mkdir -p /srv/elsewhere
            mknod /srv/elsewhere/any-name b $(number $(disk partition)p1)
            ln -s writer /scenario/part-writer
            stay by-partition /scenario/part-writer part-writer /srv/elsewhere/any-name

            ln -s writer /scenario/ns-writer
            stay by-namespace unshare -m sh -c 'mount -t tmpfs none /mnt && mknod /mnt/disk b $0 $1 && exec /scenario/ns-writer ns-writer /mnt/disk' \\
                $(number $(disk namespace))

            namespace=$(disk character)
            ln -s holder /scenario/ng-holder
            stay by-character /scenario/ng-holder /dev/ng${namespace#/dev/nvme} /run/ng-holder

            ln -s holder /scenario/other-holder
            touch /run/other-holder
            chown nobody /run/other-holder
            chmod o+r $(disk nobody)
            stay by-nobody setpriv --reuid=nobody --clear-groups sh -c 'exec /scenario/other-holder "$0" /run/other-holder' $(disk nobody)

            part $(disk loop)
            losetup /dev/loop7 $(disk loop)p1

            modprobe target_core_file
            mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
            store=/sys/kernel/config/target/core/fileio_0/store
            mkdir -p $store
            echo "fd_dev_name=$(disk export),fd_dev_size=1048576" >$store/control
            echo 1 >$store/enable
            say export <$store/info
            """;

    /**
     * Starts Debian's multipathd with a map over one drive, and logs how it has the drive open. Then replaces it with a
     * process that stays.
     */
    private static final String READER = """
            rm -f /etc/systemd/system/multipathd.*
            cat >/etc/multipath.conf <<END
            defaults {
                find_multipaths greedy
            }
            blacklist {
                devnode ".*"
            }
            blacklist_exceptions {
                devnode "^$(basename $(disk reader))"
            }
            END
            systemctl daemon-reload
            if [ -x /usr/sbin/multipathd ]; then
                modprobe dm_multipath
                systemctl start multipathd.service 2>&1 | say multipathd
                sleep 3
                pid=$(systemctl show -P MainPID multipathd.service)
                say multipathd-group </proc/$pid/cgroup
                for file in /proc/$pid/fd/*; do
                    [ "$(readlink $file)" != $(disk reader) ] || grep flags /proc/$pid/fdinfo/${file##*/} | say multipathd-flags
                done
                systemctl stop multipathd.service multipathd.socket
                multipath -F
            else
                echo none here | say multipathd-flags
            fi
            cp /scenario/holder /scenario/multipathd
            cat >/etc/systemd/system/multipathd.service <<END
            [Unit]
            DefaultDependencies=no
            [Service]
            ExecStart=/scenario/multipathd $(disk reader) /run/reader
            END
            systemctl daemon-reload
            systemctl start multipathd.service
            """;

    UsersIT() {
        super("users");
    }

    @Test
    void eachUserIsSeenNamedAndAwaited() throws IOException, InterruptedException {
        List<Drive> drives = new ArrayList<>(List.of(installedRoot("reboot")));
        for (String name : DRIVES) {
            Files.deleteIfExists(file(name + ".img"));
            drives.add(Drive.of(name, Drive.Kind.NVME, Guest.newDisk(file(name + ".img"), 64)));
        }

        Boot boot = boot(
                "reboot",
                drives,
                Payload.quiesced(
                        Scripts.SAY
                                + Scripts.WATCH
                                + PROGRAMS
                                + READER
                                + USERS
                                + "until_there /run/ng-holder\nuntil_there /run/other-holder\nuntil_there /run/reader\n"
                                + "until_said 'part-writer: wrote'\nuntil_said 'ns-writer: wrote'\nudevadm settle\n"
                                + Scripts.slowNvme(1_000)
                                + Scripts.end("reboot"),
                        Payload.FREE_GO_EARLY));

        assertThat(boot.find("scenario: failed")).isEmpty();
        assertWaits(boot, "nvme\\dn1p1 is open by part-writer \\(process \\d+ of by-partition.scope\\)");
        assertWaits(boot, "nvme\\dn1 is open by ns-writer \\(process \\d+ of by-namespace.scope\\)");
        assertWaits(boot, "ng\\dn1 is open by ng-holder \\(process \\d+ of by-character.scope\\)");
        assertWaits(boot, "nvme\\dn1 is open by other-holder \\(process \\d+ of by-nobody.scope\\)");
        assertWaits(boot, "nvme\\dn1p1 is what loop7 is bound to");
        assertWaits(boot, "nvme\\dn1 is exported by LIO as store");
        assertThat(boot.find("waits for the late phase")).hasSize(6);
        assertSays(boot, "left to the kernel: .*nvme\\dn1 is exported by LIO as store");

        Map<String, Boot.Span> shutdowns = boot.nvmeShutdowns();
        assertThat(shutdowns).hasSize(DRIVES.size());
        assertThat(boot.walkedBy("nvme")).as("left to the kernel").hasSize(1);
        double hook = boot.when("scenario: hook begins").orElseThrow();
        assertThat(shutdowns.values().stream().filter(span -> span.from() < hook))
                .as("the unused drive and the drive that only multipathd reads go down early")
                .hasSize(2);
        boot.find("scenario: multipathd-(flags|group): .*").forEach(line -> report("%s", line.group()));

        assertWritten(boot, "part-writer", file("partition.img"), PARTITION);
        assertWritten(boot, "ns-writer", file("namespace.img"), 0);
    }

    private static void assertWaits(Boot boot, String user) {
        assertSays(boot, "waits for the late phase: .*" + user);
    }

    /** Asserts that the logged writes are on the medium, and that no write failed. */
    private void assertWritten(Boot boot, String writer, Path medium, int offset) throws IOException {
        assertThat(boot.find("scenario: " + writer + ": failed")).isEmpty();
        List<Matcher> writes = boot.find("scenario: " + writer + ": wrote (\\d+)");
        int said = Integer.parseInt(writes.get(writes.size() - 1).group(1));
        byte[] block = new byte[BLOCK];
        try (RandomAccessFile file = new RandomAccessFile(medium.toFile(), "r")) {
            file.seek(offset);
            file.readFully(block);
        }
        int written = Integer.parseInt(new String(block, StandardCharsets.US_ASCII).strip());
        assertThat(written).isBetween(said, said + 1);
        report("%s: %d writes, all of them on the medium", writer, said);
    }
}
