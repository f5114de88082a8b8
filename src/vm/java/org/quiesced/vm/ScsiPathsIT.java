// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Emulated SCSI disks on two hosts. Each is a path to a disk that the other host has too, or a separate disk. */
@Needs(modules = "scsi_debug")
class ScsiPathsIT extends ScenarioTest {
    /** Three disks, each with a path on each host. */
    private static final int DISKS = 3;

    private static final String DOWN = "quiesced: sd \\S+ \\(sd\\S+\\) is down after";

    private static final Pattern COMMAND = Pattern.compile("(\\d+:0:(\\d+):\\d+): .*cmd ([0-9a-f]{2}) .*");

    /**
     * A command that an emulated disk received, with its first byte as the code and the target as the number of the
     * disk.
     */
    private record Command(String path, int disk, String code) {}

    ScsiPathsIT() {
        super("scsi-paths");
    }

    private static String script(String parameters, int devices, String maps) {
        return Scripts.SAY + Scripts.WATCH
                + """
                modprobe scsi_debug PARAMETERS delay=3 dev_size_mb=8
                until [ "$(ls /sys/class/scsi_disk | wc -l)" = DEVICES ]; do sleep 0.2; done
                udevadm settle
                for disk in /sys/class/scsi_disk/*; do
                    asks=$disk/manage_system_start_stop
                    [ -e $asks ] || asks=$disk/manage_start_stop
                    echo 1 >$asks
                done
                cat /sys/bus/scsi/devices/*:*/wwid 2>/dev/null | sort | uniq -c | say wwid
                """.replace("PARAMETERS", parameters).replace("DEVICES", String.valueOf(devices)) + maps + """
                quiescectl plan 2>&1 | grep -e ' sd ' -e 'sd[a-z]' | head -n 4 | say plan
                echo 1 >/sys/bus/pseudo/drivers/scsi_debug/opts
                """
                + Scripts.end("poweroff");
    }

    /** Makes maps of device-mapper over both paths of each disk, as multipathd does. */
    private static final String MAPS = """
            modprobe dm_multipath
            modprobe dm_round_robin
            for disk in 0 1 2; do
                paths=$(for node in /sys/bus/scsi/devices/*:0:$disk:0/block/*; do
                    grep -q scsi_debug $node/device/model && cat $node/dev; done)
                set -- $paths
                echo "0 $(cat /sys/dev/block/$1/size) multipath 0 0 1 1 round-robin 0 2 1 $1 1000 $2 1000" \\
                    | dmsetup create path$disk 2>&1 | say dmsetup
            done
            dmsetup table | say map
            """;

    private static List<Command> commands(Boot boot) {
        return boot.log().stream()
                .map(line -> COMMAND.matcher(line.text()))
                .filter(Matcher::find)
                .map(found -> new Command(found.group(1), Integer.parseInt(found.group(2)), found.group(3)))
                .toList();
    }

    private static Stream<Command> of(List<Command> commands, String code) {
        return commands.stream().filter(command -> command.code().equals(code));
    }

    @Needs(thorough = true, reason = "the fault campaign tries disks with several paths in every way")
    @Test
    void diskWithTwoPathsIsStoppedOnceAndGetsNoCommandAfterwards() throws IOException, InterruptedException {
        Boot boot = boot(
                "multipath",
                List.of(installedRoot("multipath")),
                Payload.quiesced(script("num_tgts=3 add_host=2 vpd_use_hostno=0", 2 * DISKS, MAPS)));

        assertThat(boot.find("scenario: wwid: 2 naa"))
                .as("identities of two paths each")
                .hasSize(DISKS);
        assertThat(boot.find("scenario: map: path")).hasSize(DISKS);
        assertThat(boot.find(DOWN)).hasSize(2 * DISKS);
        assertThat(boot.walkedBy("sd")).as("shut down by the kernel's own walk").isEmpty();
        List<Command> commands = commands(boot);
        for (int i = 0; i < DISKS; i++) {
            int disk = i;
            List<Command> sent =
                    commands.stream().filter(command -> command.disk() == disk).toList();
            assertThat(of(sent, "1b")).as("stops of disk %d", disk).hasSize(1);
            assertThat(of(sent, "35").map(Command::path).distinct())
                    .as("paths of disk %d that were synchronised", disk)
                    .hasSize(2);
            assertThat(sent.get(sent.size() - 1).code())
                    .as("last command to disk %d", disk)
                    .isEqualTo("1b");
        }
        boot.find("scenario: (plan|wwid): .*").forEach(line -> report("%s", line.group()));
        boot.find(DOWN + " .*").forEach(line -> report("%s", line.group()));
    }

    /**
     * The disks are logical units of few targets, because scsi_debug gives targets of neighbouring hosts the same
     * identity.
     */
    @Test
    @Needs(thorough = true, reason = "sixty disks take the emulated machine some minutes")
    void sixtyDisksOverTwoHostsAreStoppedOnceInParallel() throws IOException, InterruptedException {
        Boot boot = boot(
                "sixty",
                List.of(installedRoot("sixty")),
                Payload.quiesced(script("num_tgts=2 max_luns=15 add_host=2", 60, "")));

        assertThat(boot.find(DOWN)).hasSize(60);
        assertThat(boot.walkedBy("sd")).isEmpty();
        List<Command> commands = commands(boot);
        List<String> stops = of(commands, "1b").map(Command::path).toList();
        assertThat(stops).hasSize(60).doesNotHaveDuplicates();
        for (String path : stops) {
            List<String> codes = commands.stream()
                    .filter(command -> command.path().equals(path))
                    .map(Command::code)
                    .toList();
            assertThat(codes).contains("35").endsWith("1b");
        }
        double first = boot.when("cmd 1b").orElseThrow();
        double last = boot.last("cmd 1b").orElseThrow();
        double firstDown = boot.when(DOWN).orElseThrow();
        assertThat(boot.log().stream()
                        .filter(line -> line.at() < firstDown && line.text().contains("cmd 1b")))
                .as("stops that begin before the first ends")
                .hasSizeGreaterThan(30);
        report(
                "60 disks of 3 s: first stop to last stop %.2f s, to the end of the last %.2f s",
                last - first, boot.last(DOWN).orElseThrow() - first);
    }
}
