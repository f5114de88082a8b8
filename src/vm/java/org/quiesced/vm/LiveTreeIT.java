// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The daemon's plan is current after each change of the machine: drivers are unbound and bound again, drives and
 * drivers are added and removed.
 */
@Needs(modules = "scsi_debug", thorough = true, reason = "the tests of the tree's watch show each event")
class LiveTreeIT extends ScenarioTest {
    private static final int NUMBER = 64;

    /**
     * Defines {@code expect}, which changes the machine, waits until the daemon's response to a request contains a
     * text, and logs how long that took after the kernel was done. A process that is started before the change asks the
     * daemon itself: when many disks are added, the service manager shows a status late, and even a shell is slow to
     * start.
     */
    private static final String EXPECT = """
            cat >/scenario/await <<'END'
            my ($method, $text) = @ARGV;
            my $daemon = IO::Socket::UNIX->new('/run/quiesced/org.quiesced.Control') or die;
            $/ = "\\0";
            for (1 .. 600) {
                print $daemon qq({"method":"org.quiesced.Control.$method"}\\0);
                my $answer = <$daemon>;
                open my $clock, '<', '/proc/uptime';
                if (index($answer, $text) >= 0) { print split(/ .*/s, <$clock>), "\\n"; exit 0; }
                open my $asked, '>', '/scenario/asked';
                select undef, undef, undef, 0.1;
            }
            exit 1;
            END
            expect() {
                rm -f /scenario/asked
                perl -MIO::Socket::UNIX /scenario/await "$1" "$2" >/scenario/known &
                until [ -e /scenario/asked ] || ! kill -0 $! 2>/dev/null; do sleep 0.1; done
                $4
                read -r done _ </proc/uptime
                if wait $!; then
                    echo "$3: known after $(echo "$done $(cat /scenario/known)" | awk '{ print ($2 > $1 ? $2 - $1 : 0) }') s" | say live
                else
                    echo "$3: $(systemctl show -P StatusText quiesced.service)" | say missed
                fi
            }
            parallel() { expect Status "\\"drivesParallel\\":$1," "$2" "$3"; }
            # The processor time that the daemon has had, in hundredths of a second.
            spent() { awk '{ print $14 + $15 }' /proc/$(cut -d " " -f 1 /run/quiesced/pid)/stat; }
            """;

    private static final String DRIVES = """
            nvme=/sys/bus/pci/drivers/nvme
            device=$(ls $nvme | grep : | head -n 1)
            take_off() { echo $device >$nvme/unbind; }
            put_back() { echo $device >$nvme/bind; }
            remove() { echo 1 >/sys/bus/pci/devices/$device/remove; }
            add() { echo 1 >/sys/bus/pci/rescan; }
            parallel 2 'two drives at first' :
            parallel 1 'a driver taken off' take_off
            parallel 2 'a driver put back' put_back
            parallel 1 'a drive removed' remove
            parallel 2 'a drive added' add
            """;

    /**
     * Attaches a namespace by Linux's {@code NVME_IOCTL_ADMIN_CMD} with a {@code struct nvme_passthru_cmd} (NVMe Base
     * 2.0, 5.20 Namespace Attachment, 4.4.1 Controller List).
     */
    private static final String NAMESPACE = """
            controller=$(dirname $(grep -l later /sys/class/nvme/*/serial))
            cat >/scenario/attach <<'END'
            my ($device, $controller) = @ARGV;
            my $list = pack('v2 x4092', 1, $controller);
            my $command = pack('C2 v V3 Q P V2 V6 V2', 0x15, 0, 0, 2, 0, 0, 0, $list, 0, length $list, (0) x 8);
            open my $file, '+<', $device or die;
            ioctl $file, 0xc0484e41, $command or die $!;
            END
            attach() {
                perl /scenario/attach /dev/${controller##*/} $(cat $controller/cntlid) 2>&1 | say attach
                until ls /sys/class/block | grep -q 'nvme.*n2$'; do sleep 0.1; done
            }
            expect Tree 'n2"' 'a namespace attached' attach
            """;

    /** Renames a network interface by {@code SIOCSIFNAME} of {@code linux/sockios.h} with a {@code struct ifreq}. */
    private static final String RENAME = """
            old=$(ls /sys/class/net | grep -v '^lo$')
            cat >/scenario/rename <<'END'
            socket my $any, AF_INET, SOCK_DGRAM, 0;
            ioctl $any, 0x8923, pack('a16 a16 x8', @ARGV) or die $!;
            END
            rename() { perl -MSocket /scenario/rename $old renamed0 2>&1 | say rename; }
            expect Tree '/net/renamed0"' 'a device renamed' rename
            """;

    private static final String DISKS = """
            load() {
                modprobe scsi_debug num_tgts=NUMBER dev_size_mb=8
                until [ "$(ls /sys/class/scsi_disk | wc -l)" = NUMBER ]; do sleep 0.1; done
            }
            before=$(spent)
            parallel MORE 'NUMBER disks whose driver was loaded later' load
            # udev may still look at one of them.
            udevadm settle
            echo "$(echo "$before $(spent)" | awk '{ print ($2 - $1) / 100 }') s of a processor for NUMBER disks" | say live
            parallel 2 'they are gone again' 'rmmod scsi_debug'
            """;

    LiveTreeIT() {
        super("live-tree");
    }

    @Test
    void planFollowsDrivesAndDriversThatComeAndGo() throws IOException, InterruptedException {
        Boot boot = boot(
                "live",
                List.of(
                        installedRoot("live"),
                        Drive.nvme("data0"),
                        new Drive("later", Drive.Kind.NVME_DETACHED, Optional.empty())),
                Payload.quiesced(Scripts.SAY
                        + Scripts.WATCH
                        + EXPECT
                        + DRIVES
                        + NAMESPACE
                        + RENAME
                        + DISKS.replace("NUMBER", String.valueOf(NUMBER)).replace("MORE", String.valueOf(NUMBER + 2))
                        + Scripts.end("poweroff")));

        assertThat(boot.find("scenario: missed: (.*)").stream().map(match -> match.group(1)))
                .isEmpty();
        assertThat(boot.find("scenario: live: ")).hasSize(10);
        boot.find("scenario: live: (.*)").forEach(line -> report("%s", line.group(1)));
    }
}
