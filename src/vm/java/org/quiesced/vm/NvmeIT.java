// SPDX-License-Identifier: Apache-2.0
package org.quiesced.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Six NVMe data drives of three seconds each; one has a file system that is written to until the shutdown. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NvmeIT extends ScenarioTest {
    private static final int DRIVES = 6;
    private static final int QUICK = 3;
    private static final String DISK = "/dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_data0";

    private static final String SOME_ARE_QUICK = """
            echo 0000:01:00.0=200,0000:03:00.0=200,0000:05:00.0=200 >/sys/module/slow_nvme/parameters/delays
            """;

    private static final String REBOOT = Scripts.end("reboot");

    private Path data;
    private Map<String, Boot.Span> stock;
    private Boot stockBoot;
    private Boot lateBoot;

    NvmeIT() {
        super("nvme");
    }

    @BeforeAll
    void makeDataDrive() throws IOException, InterruptedException {
        Files.deleteIfExists(file("data.img"));
        data = Guest.newDisk(file("data.img"), 256);
    }

    private Boot boot(String step, Payload payload) throws IOException, InterruptedException {
        Drive root = step.equals("stock") ? stockRoot(step) : installedRoot(step);
        List<Drive> drives = new ArrayList<>(List.of(root, Drive.of("data0", Drive.Kind.NVME, data)));
        for (int i = 1; i < DRIVES; i++) {
            drives.add(Drive.nvme("data" + i));
        }
        return boot(step, drives, payload);
    }

    private static String script(String preparation) {
        return Scripts.WATCH + Scripts.FILL + Scripts.CHECK + preparation + Scripts.slowNvme(3_000);
    }

    @Test
    @Order(1)
    void stockKernelShutsDrivesDownOneByOne() throws IOException, InterruptedException {
        Boot boot = boot("stock", Payload.stock(script("fill " + DISK + "\n") + REBOOT));

        stockBoot = boot;
        stock = boot.nvmeShutdowns();
        assertThat(stock).hasSize(DRIVES);
        assertSerial(stock);
        assertThat(boot.notifications()).hasSize(DRIVES);
        assertThat(boot.walkedBy("nvme")).hasSize(DRIVES);
        report("stock: %.2f s from the first notification to the last completion", Boot.total(stock));
    }

    @Test
    @Order(2)
    void optedInDrivesGoDownInParallelAndTheKernelFindsNoneLeft() throws IOException, InterruptedException {
        Boot boot = boot(
                "parallel",
                Payload.quiesced(script("check " + DISK + "\nfill " + DISK + "\n" + Scripts.LATE_ONLY) + REBOOT));

        Map<String, Boot.Span> ours = boot.nvmeShutdowns();
        assertThat(ours).hasSize(DRIVES);
        assertThat(boot.notifications())
                .as("each drive got CC.SHN exactly once")
                .hasSize(DRIVES);
        assertThat(boot.walkedBy("nvme"))
                .as("shut down by the kernel's own walk")
                .isEmpty();
        assertThat(boot.find("quiesced: nvme .* is down after")).hasSize(DRIVES);
        assertThat(boot.find("quiesced: end: 6 drives down")).hasSize(1);
        assertThat(boot.when("quiesced: end").orElseThrow())
                .as("all is complete before the machine restarts")
                .isLessThan(boot.when("reboot: Restarting system").orElseThrow());
        lateBoot = boot;
        // Message of the unit that was stopped by hand.
        assertSays(boot, "scenario: early: the system is not shutting down; nothing is done");
        assertSays(boot, "scenario: the daemon: 0 bytes from disks, 0 major faults");
        double hook = boot.when("scenario: hook begins").orElseThrow();
        double slowest = Boot.longest(ours);
        report(
                "parallel: %.2f s from the first notification to the last completion, slowest drive %.2f s; hook to first notification"
                        + " %.0f ms; hook to its end: slowest drive + %.0f ms",
                Boot.total(ours),
                slowest,
                1000 * (ours.values().iterator().next().from() - hook),
                1000 * (boot.when("scenario: hook has ended").orElseThrow() - hook - slowest));
        report("speedup: %.1fx", Boot.total(stock) / Boot.total(ours));
        assertParallel(ours);
        // After the stock reboot.
        assertSays(boot, "scenario: fsck clean");
        assertSays(boot, "scenario: checksums match");
    }

    @Test
    @Order(3)
    void drivesThatAreNotOptedInGoDownOneByOne() throws IOException, InterruptedException {
        Boot boot = boot(
                "serial",
                Payload.quiesced(
                        script("check " + DISK + "\nfill " + DISK + "\n" + Scripts.LATE_ONLY) + REBOOT,
                        "mode = \"safe\"\n"));

        // After the parallel reboot.
        assertSays(boot, "scenario: fsck clean");
        assertSays(boot, "scenario: checksums match");
        Map<String, Boot.Span> serial = boot.nvmeShutdowns();
        assertThat(serial).hasSize(DRIVES);
        assertThat(boot.notifications()).hasSize(DRIVES);
        assertThat(boot.walkedBy("nvme")).isEmpty();
        assertSerial(serial);
        report("serial lane: %.2f s; stock %.2f s", Boot.total(serial), Boot.total(stock));
        assertThat(new HashSet<>(serial.keySet())).isEqualTo(stock.keySet());
    }

    @Test
    @Needs(thorough = true, reason = "it seldom finds what the tests of mode = \"off\" without a guest do not")
    @Order(4)
    void modeOffTouchesNoDrive() throws IOException, InterruptedException {
        Boot boot = boot("off", Payload.quiesced(script("check " + DISK + "\n") + REBOOT, "mode = \"off\"\n"));

        assertSays(boot, "scenario: fsck clean");
        assertSays(boot, "scenario: checksums match");
        assertThat(boot.walkedBy("nvme"))
                .as("shut down by the kernel's own walk")
                .hasSize(DRIVES);
        assertThat(boot.notifications()).hasSize(DRIVES);
        assertSays(boot, "quiesced: end: 0 drives down");
        assertThat(boot.says("is down after")).isFalse();
    }

    @Test
    @Order(5)
    void freeDrivesGoDownWhileOtherUnitsStop() throws IOException, InterruptedException {
        Boot boot = boot(
                "early",
                Payload.quiesced(
                        script("check " + DISK + "\nfill " + DISK + "\n") + SOME_ARE_QUICK + REBOOT,
                        Payload.FREE_GO_EARLY));

        // After the serial reboot.
        assertSays(boot, "scenario: fsck clean");
        assertSays(boot, "scenario: checksums match");
        Map<String, Boot.Span> ours = boot.nvmeShutdowns();
        assertThat(ours).hasSize(DRIVES);
        assertThat(boot.notifications()).hasSize(DRIVES);
        assertThat(boot.walkedBy("nvme")).isEmpty();
        double hook = boot.when("scenario: hook begins").orElseThrow();
        assertThat(ours.values().stream().filter(span -> span.from() < hook))
                .as("notified before the hook comes")
                .hasSizeGreaterThanOrEqualTo(DRIVES - 1);
        assertSays(boot, "quiesced: end: 6 drives down");
        assertThat(boot.when("scenario: hook has ended").orElseThrow())
                .as("the hook joins what is in flight")
                .isGreaterThanOrEqualTo(
                        ours.values().stream().mapToDouble(Boot.Span::to).max().orElseThrow());
        assertSays(boot, "scenario: rcu_expedited was 1 when the hook came and is 0 at its end");
        assertSays(boot, "scenario: the root file system is read-only");
        report(
                "%d of %d drives of 200 ms are down when the hook comes",
                ours.values().stream().filter(span -> span.to() < hook).count(), QUICK);
        double overlapped =
                hook - ours.values().stream().mapToDouble(Boot.Span::from).min().orElseThrow();
        report(
                "reboot to restart: stock %.2f s, late phase alone %.2f s, early and late %.2f s; %.2f s (%.0f %%) of the drives' "
                        + "%.2f s passed before the hook",
                untilRestart(stockBoot),
                untilRestart(lateBoot),
                untilRestart(boot),
                overlapped,
                100 * overlapped / Boot.total(ours),
                Boot.total(ours));
    }

    private static double untilRestart(Boot boot) {
        return boot.toRestartFrom("scenario: reboot is asked for");
    }
}
