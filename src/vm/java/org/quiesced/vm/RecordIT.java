// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A guest that restarts, starts its next kernel by kexec, and powers off: each boot has the record of the previous
 * shutdown, complete where the kernel's log was carried over the restart.
 */
@Needs(
        drives = RecordIT.DRIVES,
        cpus = 1,
        reason = "with two, the emulator now and then loops in the kernel's patching of its own text, at each start")
class RecordIT extends ScenarioTest {
    static final int DRIVES = 3;

    /**
     * Address of memory that is left alone by the next kernel, and by firmware and initrd, which are at the ends of the
     * memory.
     */
    private static final String MEMORY = "0x20000000";

    private static final String RAMOOPS = """
            rm -f /etc/systemd/system/systemd-pstore.service
            echo "options ramoops mem_address=MEMORY mem_size=0x100000 record_size=0x20000 max_reason=4" >/etc/modprobe.d/ramoops.conf
            echo ramoops >/etc/modules-load.d/ramoops.conf
            modprobe ramoops
            cat /sys/module/pstore/parameters/backend | say backend
            """.replace("MEMORY", MEMORY);

    private static final String SCRIPT = script("""
            case $round in
                0) verb=reboot ;;
                1) show status metrics; verb=reboot
            """
            + RAMOOPS.indent(8)
            + "        ;;\n    2) show time blame report health status metrics; moments; verb=kexec\n"
            + Scripts.LOAD_NEXT_KERNEL.indent(8) + """
                    ;;
                *) show time blame; moments; verb=poweroff ;;
            esac
            """);

    RecordIT() {
        super("record");
    }

    /**
     * Returns a script that counts the boots from 0 in the variable {@code round}, lists the previous shutdowns in
     * each, and requests the next shutdown.
     *
     * @param choice the commands that set the variable {@code verb}; {@code show WORD…} executes verbs of
     *     {@code quiescectl}, {@code metrics} shows the metrics, and {@code moments} the moments of the last record.
     *     Each costs an emulated guest about eight seconds
     */
    static String script(String choice) {
        return Scripts.SAY + Scripts.WATCH + Scripts.slowNvme(1_000) + """
                round=$(cat /root/round 2>/dev/null || echo 0)
                echo $((round + 1)) >/root/round
                metrics=/var/lib/prometheus/node-exporter/quiesced.prom
                show() {
                    for word; do
                        if [ $word = metrics ]; then cat $metrics; else quiescectl $word; fi | say "round $round: $word"
                    done
                }
                moments() { quiescectl report --json=pretty | sed -n '/"marks"/,/}/p' | say "round $round: moment"; }
                mkdir -p /var/lib/prometheus/node-exporter /var/log/journal
                echo "metrics = '$metrics'" >/etc/quiesced/conf.d/metrics.toml
                systemctl start quiesced-history.service
                # The guest was turned off once before, after the package was installed.
                if [ "$round" = 0 ]; then
                    rm -f /var/lib/quiesced/*
                    systemctl start quiesced-history.service
                fi
                journalctl -b -u quiesced-history.service -o cat --no-pager | say "round $round: unit"
                show history
                """ + choice + """
                sync
                echo "scenario: $verb is asked for" >/dev/kmsg
                systemctl --no-block $verb
                """;
    }

    @Test
    void nextBootHasTheRecordOfTheShutdown() throws IOException, InterruptedException {
        Guest.Make make = new Guest.Make(List.of(), List.of("memmap=1M$" + MEMORY, "printk.always_kmsg_dump=1"), 3);

        Boot boot = boot("rounds", dataDrivesAfter(installedRoot("rounds")), Payload.quiesced(SCRIPT), make);

        assertSays(boot, "scenario: round 0: history: No shutdown has been recorded yet");
        assertSays(boot, "scenario: round 1: history: .* reboot .* no end");
        assertSays(
                boot,
                "scenario: round 1: unit: the end of the record was not carried over the restart: the kernel's pstore has no backend");
        for (int round : List.of(2, 3)) {
            String before = "scenario: round " + round + ": ";
            assertSays(
                    boot, before + "unit: shutdown " + round + ": " + DRIVES + " of " + DRIVES + " drives down in 1");
            // QEMU's drives do not count (nvme_smart_info in hw/nvme/ctrl.c): they answer, and show no loss of power.
            assertSays(
                    boot,
                    before + "unit: " + DRIVES + " of " + DRIVES + " drives report a clean shutdown, " + DRIVES
                            + " of them have not lost their power");
            assertSays(boot, before + "history: +" + round + " .* complete");
            assertSays(boot, before + "time: Shutdown " + round + " \\(.*\\) took ");
            assertSays(boot, before + "time: .* \\(units\\) .* \\(devices\\) .* \\(kernel\\)\\.");
            assertSays(boot, before + "time: Slowest units: .*\\.service ");
            assertThat(boot.find(before + "blame: .* nvme +down")).hasSize(DRIVES);
            assertThatTheKernelsMomentsAreExact(boot, round);
            report("%s", boot.find(before + "time: (.*)").get(0).group(1));
        }
        assertSays(boot, "scenario: round 2: report: .* the machine powers off or restarts");
        // The scenario enables initcall_debug, so the kernel logs each device of its walk.
        assertSays(boot, "scenario: round 2: report: The kernel's log names \\d+ devices that its own walk shut down");
        assertThat(boot.find("scenario: round 2: health: nvme\\d+ +2/2 +0 +0 +clean, kept its power"))
                .hasSize(DRIVES);
        assertSays(boot, "scenario: round 2: status: .*s expected");
        assertSays(boot, "scenario: round 2: metrics: quiesced_shutdown_drives\\{outcome=\"down\"\\} " + DRIVES);
        assertSays(boot, "scenario: round 2: metrics: quiesced_shutdown_record_complete 1");
        assertSays(boot, "scenario: round 1: metrics: quiesced_shutdown_record_complete 0");
        assertSays(boot, "scenario: round 1: status: Plan: ");
        assertThat(boot.find("scenario: round 1: status: .* expected"))
                .as("no drive reports its shutdown time, and none was measured")
                .isEmpty();
        assertSays(boot, "scenario: round 3: history: .* kexec .* complete");
    }

    /**
     * Asserts that the record of the shutdown before a boot has the times of the kernel's own log to the millisecond.
     * The line of the record, which has a time of the daemon's clock, relates the two clocks.
     */
    private static void assertThatTheKernelsMomentsAreExact(Boot boot, int round) {
        Boot ended =
                boot.since("scenario: round " + (round - 1) + ": unit").until("scenario: round " + round + ": unit");
        List<Matcher> lines = ended.find("quiesced: record (\\S+) 1 \\S+ \\S+ (\\S+) ");
        double offset = lines.stream()
                .mapToDouble(line ->
                        ended.when(Pattern.quote(line.group())).orElseThrow() - Double.parseDouble(line.group(1)))
                .min()
                .orElseThrow();
        double asked = Double.parseDouble(lines.get(0).group(2));
        Map.of(
                        "kill", "systemd-shutdown\\[1\\]: Sending SIGKILL",
                        "walk", "systemd-shutdown\\[1\\]: Rebooting",
                        "restart", "reboot: Restarting system|kexec_core: Starting new kernel")
                .forEach((moment, message) -> assertThat(moment(boot, round, moment))
                        .as("%s, in seconds since the request", moment)
                        .isCloseTo(ended.last(message).orElseThrow() - offset - asked, within(0.001)));
    }

    private static double moment(Boot boot, int round, String moment) {
        Matcher line = boot.find("scenario: round " + round + ": moment: \"" + moment + "\" : ([0-9.]+)")
                .get(0);
        return Double.parseDouble(line.group(1));
    }
}
