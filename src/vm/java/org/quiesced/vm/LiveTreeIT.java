// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The daemon knows the machine at every moment: drivers that are taken off and put back, drives and drivers that come and go. */
class LiveTreeIT extends ScenarioTest {
    private static final int DISKS = 64;

    /** Waits until the daemon's status begins with so many devices in parallel, and says how long that took after the kernel was done. */
    private static final String EXPECT = """
            now() { read -r up _ </proc/uptime; echo $up; }
            expect() {
                begin=$(now)
                for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40; do
                    case "$(systemctl show -P StatusText quiesced.service)" in
                        "$1 parallel"*) echo "$2, seen after $(echo "$begin $(now)" | awk '{ print $2 - $1 }') s" | say live; return ;;
                    esac
                    sleep 0.2
                done
                echo "$2: $(systemctl show -P StatusText quiesced.service)" | say missed
            }
            """;

    private static final String SCRIPT = """
            nvme=/sys/bus/pci/drivers/nvme
            expect 2 'two drives at first'
            device=$(ls $nvme | grep : | head -n 1)
            echo $device >$nvme/unbind
            expect 1 'a driver taken off'
            echo $device >$nvme/bind
            expect 2 'a driver put back'
            echo 1 >/sys/bus/pci/devices/$device/remove
            expect 1 'a drive removed'
            echo 1 >/sys/bus/pci/rescan
            expect 2 'a drive added'
            modprobe scsi_debug num_tgts=DISKS dev_size_mb=8
            until [ "$(ls /sys/class/scsi_disk | wc -l)" = DISKS ]; do sleep 0.1; done
            expect MORE 'DISKS disks whose driver was loaded later'
            # udev may still look at one of them.
            udevadm settle
            for try in 1 2 3 4 5 6 7 8 9 10; do
                rmmod scsi_debug && break
                sleep 1
            done
            expect 2 'they are gone again'
            """;

    LiveTreeIT() {
        super("live-tree");
    }

    @Test
    void itFollowsWhatHappens() throws IOException, InterruptedException {
        Boot boot = boot(
                "live",
                List.of(installedRoot("live"), Drive.nvme("data0"), Drive.nvme("data1")),
                Payload.quiesced(Scripts.SAY
                        + Scripts.WATCH
                        + EXPECT
                        + SCRIPT.replace("DISKS", String.valueOf(DISKS)).replace("MORE", String.valueOf(DISKS + 2))
                        + Scripts.end("poweroff")));

        assertThat(boot.find("scenario: missed: (.*)").stream().map(match -> match.group(1)))
                .isEmpty();
        assertThat(boot.find("scenario: live: ")).hasSize(7);
        boot.find("scenario: live: (.*)").forEach(line -> report("%s", line.group(1)));
    }
}
