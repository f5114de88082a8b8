// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Six emulated SCSI disks that take three seconds to stop and that the kernel stops at power-off. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Needs(modules = "scsi_debug")
class ScsiIT extends ScenarioTest {
    private static final int DISKS = 6;
    /** Line that an emulated disk logs for a command, with the first byte of its descriptor block. */
    private static final String SYNCHRONIZE_CACHE = "(\\d+:0:\\d+:0): .*cmd 35 ";

    private static final String STOP = "(\\d+:0:\\d+:0): .*cmd 1b 00 00 00 00 ";

    private double stock;

    ScsiIT() {
        super("scsi");
    }

    private static String script(String verb) {
        return Scripts.WATCH + """
                modprobe scsi_debug num_tgts=6 delay=3 dev_size_mb=16
                until [ "$(ls /sys/class/scsi_disk | wc -l)" = 6 ]; do sleep 0.2; done
                udevadm settle
                for disk in /sys/class/scsi_disk/*; do
                    ls $disk | grep manage >/dev/kmsg
                    asks=$disk/manage_system_start_stop
                    [ -e $asks ] || asks=$disk/manage_start_stop
                    echo 1 >$asks
                done
                echo 1 >/sys/bus/pseudo/drivers/scsi_debug/opts
                """ + Scripts.end(verb);
    }

    @Test
    @Order(1)
    void stockKernelStopsDisksOneByOne() throws IOException, InterruptedException {
        Boot boot = boot("stock", List.of(stockRoot("stock")), Payload.stock(script("poweroff")));

        assertThat(boot.walkedBy("sd")).hasSize(DISKS);
        assertThat(boot.find(STOP)).hasSize(DISKS);
        double first = boot.when(STOP).orElseThrow();
        double lastStop = boot.log().stream()
                .filter(line -> line.text().matches(".*" + STOP + ".*"))
                .mapToDouble(Boot.Line::at)
                .max()
                .orElseThrow();
        // The walk continues when the last disk has stopped.
        double after = boot.log().stream()
                .filter(line -> line.at() > lastStop && line.text().endsWith(": shutdown"))
                .mapToDouble(Boot.Line::at)
                .findFirst()
                .orElseThrow();
        stock = after - first;
        report("stock: %.2f s from the first stop command to the end of the last", stock);
    }

    @Test
    @Order(2)
    void powerOffSynchronisesAndStopsDisksInParallel() throws IOException, InterruptedException {
        Boot boot = boot("poweroff", List.of(installedRoot("poweroff")), Payload.quiesced(script("poweroff")));

        assertThat(boot.walkedBy("sd")).as("shut down by the kernel's own walk").isEmpty();
        assertThat(names(boot, STOP))
                .as("stopped, each exactly once")
                .hasSize(DISKS)
                .doesNotHaveDuplicates();
        assertThat(names(boot, SYNCHRONIZE_CACHE)).as("synchronised").containsAll(names(boot, STOP));
        Map<String, Boot.Span> ours = boot.spans(STOP, "quiesced: sd (\\S+) \\(sd.\\) is down after");
        assertThat(ours).hasSize(DISKS);
        for (String disk : ours.keySet()) {
            assertThat(boot.when(disk + ": .*cmd 35 ").orElseThrow())
                    .isLessThan(boot.when(disk + ": .*cmd 1b 00 00 00 00 ").orElseThrow());
        }
        report(
                "poweroff: %.2f s from the first stop command to the end of the last, slowest disk %.2f s, %.1fx",
                Boot.total(ours), Boot.longest(ours), stock / Boot.total(ours));
        assertParallel(ours);
    }

    /** Opts in the disks' adapter too. */
    private static final String CONFIG_WITH_ADAPTER = """
            [driver.sd]
            shutdown = "parallel"
            [driver.scsi_debug]
            shutdown = "parallel"
            method = "unbind"
            """;

    @Test
    @Needs(thorough = true, reason = "it seldom finds what the power-off does not")
    @Order(3)
    void rebootSynchronisesDisksWithoutStoppingThemAndTheirAdapterFollows() throws IOException, InterruptedException {
        Boot boot = boot(
                "reboot", List.of(installedRoot("reboot")), Payload.quiesced(script("reboot"), CONFIG_WITH_ADAPTER));

        assertThat(boot.find("quiesced: sd .* is down after")).hasSize(DISKS);
        assertThat(boot.find("quiesced: scsi_debug adapter0 is down after")).hasSize(1);
        assertSays(boot, "quiesced: end: 6 drives and 1 device down");
        assertThat(boot.walkedBy("sd")).isEmpty();
        assertThat(names(boot, SYNCHRONIZE_CACHE).stream().distinct()).hasSize(DISKS);
        assertThat(boot.find(STOP)).isEmpty();
    }

    private static List<String> names(Boot boot, String pattern) {
        return boot.find(pattern).stream().map(matcher -> matcher.group(1)).toList();
    }
}
