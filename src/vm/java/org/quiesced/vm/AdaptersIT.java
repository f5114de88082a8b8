// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One disk on each host adapter that QEMU emulates, all of them stopped by the kernel at power-off. */
@Needs(thorough = true, reason = "the disks are those of the driver sd, which ScsiIT and SataIT have on other adapters")
class AdaptersIT extends ScenarioTest {
    /** SCSI target of the disk on each adapter, by the adapter's driver. QEMU's trace does not name the adapter. */
    private static final Map<String, Integer> TARGETS =
            Map.of("virtio_scsi", 11, "megaraid_sas", 12, "vmw_pvscsi", 14, "usb", 0);

    /**
     * Two disks on USB, one on AHCI, and one on each other adapter except {@code mptsas}, whose driver finds none
     * behind QEMU's model.
     */
    private static final int DISKS = 6;

    /**
     * Disks that a traced START STOP UNIT stops: neither the SATA disk nor that of QEMU's {@code megasas}, which
     * refuses the command for its logical drives from any sender.
     */
    private static final int STOPPED = DISKS - 2;

    private static final String SYNCHRONIZE_CACHE = "53";
    private static final String START_STOP = "27";
    private static final String STANDBY_IMMEDIATE = "e0";

    /** Line of QEMU's trace. The tag, which virtio-scsi derives from an address, is printed as a signed number. */
    private static final Pattern COMMAND =
            Pattern.compile(".*scsi_req_parsed target (\\d+) lun (\\d+) tag -?\\d+ command (\\d+) .*");

    /** Line of {@code initcall_debug}: the walk reaches a PCI function. */
    private static final Pattern FUNCTION =
            Pattern.compile("(\\S+) [0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.\\d: shutdown");

    private static final String SCRIPT = Scripts.SAY + Scripts.WATCH + """
            for _ in $(seq 300); do [ "$(ls /sys/class/scsi_disk | wc -l)" = 6 ] && break; sleep 0.2; done
            udevadm settle
            for disk in /sys/class/scsi_disk/*; do
                asks=$disk/manage_system_start_stop
                [ -e $asks ] || asks=$disk/manage_start_stop
                echo 1 >$asks
                echo "scenario: disk: ${disk##*/} $(cat $disk/cache_type) $(readlink -f $disk)" >/dev/kmsg
            done
            for driver in virtio_scsi megaraid_sas mptsas vmw_pvscsi ahci usb-storage uas; do
                ls -d /sys/bus/*/drivers/$driver/*[0-9] 2>/dev/null | say "adapter $driver"
            done
            """;

    /** Opts in the disks and their adapters. */
    private static final String CONFIG = "[driver.sd]\nshutdown = \"parallel\"\n"
            + Stream.of("virtio_scsi", "megaraid_sas", "mptsas", "vmw_pvscsi", "ahci", "usb-storage", "uas")
                    .map(driver -> "[driver." + driver + "]\nshutdown = \"parallel\"\nmethod = \"unbind\"\n")
                    .reduce("", String::concat);

    private record Command(int target, int lun, String code) {}

    AdaptersIT() {
        super("adapters");
    }

    private static List<String> disk(String id, String device) {
        return List.of(
                "-drive",
                "driver=null-co,size=64M,read-zeroes=on,if=none,id=b-" + id,
                "-device",
                device + ",drive=b-" + id);
    }

    private static String[] adapters() {
        List<String> options = new ArrayList<>(List.of("-trace", "scsi_req_parsed"));
        for (String adapter : List.of(
                "virtio-scsi-pci,id=virtio",
                "megasas,id=mega",
                "mptsas1068,id=mpt",
                "pvscsi,id=pv",
                "qemu-xhci,id=xhci")) {
            options.addAll(List.of("-device", adapter));
        }
        options.addAll(disk("virtio", "scsi-hd,bus=virtio.0,scsi-id=" + TARGETS.get("virtio_scsi")));
        options.addAll(disk("mega", "scsi-hd,bus=mega.0,scsi-id=" + TARGETS.get("megaraid_sas")));
        options.addAll(disk("pv", "scsi-hd,bus=pv.0,scsi-id=" + TARGETS.get("vmw_pvscsi")));
        options.addAll(disk("stick", "usb-storage,bus=xhci.0"));
        options.addAll(List.of("-device", "usb-uas,id=uas,bus=xhci.0"));
        options.addAll(disk("uas", "scsi-hd,bus=uas.0,lun=1"));
        return options.toArray(String[]::new);
    }

    private List<Command> commands(String step) throws IOException {
        return Files.readAllLines(file(step).resolve("qemu-trace.log")).stream()
                .map(COMMAND::matcher)
                .filter(Matcher::matches)
                .map(found ->
                        new Command(Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2)), found.group(3)))
                .toList();
    }

    /** Asserts that each disk was stopped once, after it was synchronised, and received no command after that. */
    private void assertStopped(String step, Boot boot) throws IOException {
        List<Command> commands = commands(step);
        List<Command> stops = commands.stream()
                .filter(command -> command.code().equals(START_STOP) && command.target() != TARGETS.get("megaraid_sas"))
                .toList();
        assertThat(stops).hasSize(STOPPED).doesNotHaveDuplicates();
        for (Command stop : stops) {
            List<String> sent = commands.stream()
                    .filter(command -> command.target() == stop.target() && command.lun() == stop.lun())
                    .map(Command::code)
                    .toList();
            assertThat(sent)
                    .as("commands to %s", stop)
                    .contains(SYNCHRONIZE_CACHE)
                    .endsWith(START_STOP);
        }
        // Newer kernels send one more when the driver of a SATA adapter is unbound (ata_eh_unload in
        // drivers/ata/libata-eh.c).
        int byLibata = boot.find("ata\\S+: Entering standby power mode").size();
        assertThat(boot.ataCommands().stream().filter(command -> command.code().equals(STANDBY_IMMEDIATE)))
                .hasSize(1 + byLibata);
    }

    private Boot boot(String step, Drive root, Payload payload) throws IOException, InterruptedException {
        Boot boot = boot(step, List.of(root, Drive.sata("sata")), payload, adapters());
        boot.find("scenario: (disk|adapter).*").forEach(line -> report("%s: %s", step, line.group()));
        return boot;
    }

    /**
     * Reports the time that the kernel's walk spends at devices on PCI, which is the most that can be gained by
     * shutting them down earlier.
     */
    private void reportWalk(String step, Boot boot) {
        List<Boot.Line> log = boot.log();
        double total = 0;
        for (int i = 0; i + 1 < log.size(); i++) {
            Matcher function = FUNCTION.matcher(log.get(i).text());
            if (function.matches()) {
                double took = log.get(i + 1).at() - log.get(i).at();
                total += took;
                if (!function.group(1).equals("pcieport") && !function.group(1).equals("pci")) {
                    report("%s: %s, %.0f ms to the next line", step, log.get(i).text(), took * 1000);
                }
            }
        }
        report("%s: all devices on PCI, %.0f ms of the walk", step, total * 1000);
    }

    @Test
    void stockKernelStopsEachDiskOnce() throws IOException, InterruptedException {
        Boot boot = boot("stock", stockRoot("stock"), Payload.stock(SCRIPT + Scripts.end("poweroff")));

        assertThat(boot.walkedBy("sd")).hasSize(DISKS);
        assertThat(boot.find("sd .*Start/Stop Unit failed"))
                .as("disks that refuse to be stopped")
                .hasSize(1);
        reportWalk("stock", boot);
        assertStopped("stock", boot);
    }

    @Test
    void disksGoDownOnEveryAdapterAndOptedInAdaptersFollow() throws IOException, InterruptedException {
        Boot boot =
                boot("poweroff", installedRoot("poweroff"), Payload.quiesced(SCRIPT + Scripts.end("poweroff"), CONFIG));

        boot.find("quiesced: .*").forEach(line -> report("%s", line.group()));
        reportWalk("poweroff", boot);
        assertThat(boot.find("quiesced: sd .* is down after")).hasSize(DISKS - 1);
        assertSays(boot, "quiesced: sd .* is down, but not stopped: .* START STOP UNIT failed");
        assertThat(boot.walkedBy("sd")).as("shut down by the kernel's own walk").isEmpty();
        assertStopped("poweroff", boot);
        for (String driver : List.of("virtio_scsi", "megaraid_sas", "mptsas", "vmw_pvscsi", "usb-storage", "uas")) {
            assertThat(boot.find("quiesced: " + driver + " \\S+ .*is down after"))
                    .as("adapters of the driver %s that are down", driver)
                    .hasSize(1);
        }
    }
}
