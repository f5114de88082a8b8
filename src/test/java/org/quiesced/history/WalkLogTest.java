// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.report.Outcome;

/** Devices that the kernel's own walk shut down are attributed to the kernel, as far as its log names them. */
class WalkLogTest {
    private static final CarriedLine.Shutdown SHUTDOWN = new CarriedLine.Shutdown(Records.BOOT, "reboot", 4_321.5);

    /** The kernel's log, with monotonic times. The run ended 5.5 s after the request. */
    private final List<String> log = new ArrayList<>();

    @TempDir
    private Path directory;

    private WalkLogTest() {
        CarriedLine.of(
                        SHUTDOWN,
                        1,
                        Map.of(Mark.LATE, 2.0, Mark.END, 5.5),
                        List.of(
                                Records.down("0000:03:00.0", 2, 5),
                                Records.down("0000:04:00.0", 2, 5.5),
                                Records.left("0000:05:00.0", 2, "in_use", "in use, mounted on /")))
                .forEach(text -> said(5.5, "quiesced: record 4327.000000 " + text));
        said(6, "systemd-shutdown[1]: Rebooting.");
    }

    private void said(double since, String text) {
        log.add(String.format(Locale.ROOT, "<6>[%12.6f] %s", 4_321.5 + since, text));
    }

    private ShutdownRecord completed() throws Exception {
        return completed(Records.planned());
    }

    private ShutdownRecord completed(ShutdownRecord planned) throws Exception {
        Path records = Files.createDirectories(directory.resolve("records"));
        Path pstore = Files.createDirectories(directory.resolve("pstore"));
        Files.write(records.resolve("pending.json"), planned.json());
        Files.write(pstore.resolve("dmesg-ramoops-0"), log);
        RecordFiles.Kept kept = new Completion(
                        new RecordFiles(records), List.of(pstore), Optional.empty(), problem -> {})
                .complete("next", Optional.empty())
                .orElseThrow();
        assertThat(RecordFiles.read(kept.file())).isEqualTo(kept.record());
        return kept.record();
    }

    private void sayAllOfIt() {
        said(6.25, "sd 0:0:0:0: shutdown");
        said(6.25, "sd 0:0:0:0: [sda] Synchronizing SCSI cache");
        said(6.5, "nvme 0000:05:00.0: shutdown");
        said(8.5, "pci 0000:03:00.0: shutdown");
        said(8.5, "pcieport 0000:00:1c.0: shutdown");
        said(8.5002, "ACPI: PM: Preparing to enter system sleep state S5");
        said(8.75, "reboot: Restarting system");
    }

    @Test
    void withInitcallDebugEachDeviceOfTheWalkIsKnownAndItsTime() throws Exception {
        sayAllOfIt();

        ShutdownRecord record = completed();

        WalkLog walk = record.walk().orElseThrow();
        assertThat(walk.complete()).isTrue();
        assertThat(walk.count())
                .as("a drive that we shut down has no driver there")
                .isEqualTo(3);
        assertThat(walk.devices())
                .extracting(WalkLog.Step::device)
                .containsExactly("0:0:0:0", "0000:05:00.0", "0000:00:1c.0");
        assertThat(walk.devices().get(1).took().orElseThrow()).isEqualTo(2, within(1e-3));
        DeviceRecord left = record.devices().get(2);
        assertThat(left.outcome()).isEqualTo(Outcome.KERNEL);
        assertThat(left.isWalkedBy(record)).isTrue();
        assertThat(left.tookInWalk(record).orElseThrow()).isEqualTo(2, within(1e-3));
        assertThat(record.devices().get(0).tookInWalk(record)).isEmpty();
    }

    @Test
    void theViewsShowThemAsTheKernels() throws Exception {
        sayAllOfIt();

        ShutdownRecord record = completed();

        assertThat(Blame.page(record).lines())
                .contains(
                        "2.00s      -      -        -     -  0000:05:00.0 (nvme2)  nvme      the kernel's walk: in use, mounted"
                                + " on /",
                        "250ms      -      -        -     -  0:0:0:0               sd        the kernel's walk");
        assertThat(ReportText.page(ShownShutdown.of(record), ZoneOffset.UTC).lines())
                .contains("The kernel's log names 3 devices that its own walk shut down:")
                .noneMatch(line -> line.contains("initcall_debug"));
        assertThat(WalkLog.devicesOf(record))
                .extracting(DeviceRecord::label)
                .containsExactly(
                        "0000:03:00.0 (nvme0)",
                        "0000:04:00.0 (nvme1)",
                        "0000:05:00.0 (nvme2)",
                        "0:0:0:0",
                        "0000:00:1c.0");
    }

    @Test
    void linesMayComeInAnyOrderAndTwice() throws Exception {
        sayAllOfIt();
        ShutdownRecord inOrder = completed();
        log.addAll(List.copyOf(log));
        Collections.reverse(log);

        assertThat(completed().walk().orElseThrow().devices())
                .containsExactlyInAnyOrderElementsOf(
                        inOrder.walk().orElseThrow().devices());
    }

    @Test
    void aDeviceOfNoMethodThatTookNoTimeIsOnlyCounted() throws Exception {
        for (int i = 0; i < 300; i++) {
            said(6.5 + i * 1e-5, "pcieport 0001:00:" + i + ": shutdown");
        }
        said(6.5031, "nvme 0000:05:00.0: shutdown");
        said(8.75, "reboot: Restarting system");

        ShutdownRecord record = completed();

        assertThat(record.walk().orElseThrow().count()).isEqualTo(301);
        assertThat(record.walk().orElseThrow().devices())
                .extracting(WalkLog.Step::device)
                .containsExactly("0000:05:00.0");
        assertThat(ReportText.page(ShownShutdown.of(record), ZoneOffset.UTC).lines())
                .contains("The kernel's log names 301 devices that its own walk shut down. Those that took time, or are"
                        + " ours:");
    }

    /**
     * Before the walk, messages of sd result from an unbind by quiesced; after it has begun, so do those of a disk in
     * flight.
     */
    @Test
    void withoutItOnlyWhatDriversSayOfThemselvesIsKnown() throws Exception {
        said(3, "sd 0:0:1:0: [sdb] Synchronizing SCSI cache");
        said(6.25, "sd 0:0:0:0: [sda] Synchronizing SCSI cache");
        said(6.5, "sd 0:0:0:0: [sda] Stopping disk");
        said(8.75, "reboot: Restarting system");

        ShutdownRecord record = completed();

        WalkLog walk = record.walk().orElseThrow();
        assertThat(walk.complete()).isFalse();
        assertThat(walk.devices()).singleElement().satisfies(step -> {
            assertThat(step.device()).isEqualTo("0:0:0:0");
            assertThat(step.from()).isEqualTo(6.25, within(1e-3));
            assertThat(step.to()).as("when it was stopped is said by nobody").isEmpty();
        });
        assertThat(ReportText.page(ShownShutdown.of(record), ZoneOffset.UTC).lines())
                .anyMatch(line -> line.startsWith("Which other devices the kernel's walk shut down is not known"));
    }

    @Test
    void aDiskThatWasInFlightIsNotTheKernels() throws Exception {
        DeviceRecord disk = Records.sd("0:0:0:0", "sda", Outcome.IN_FLIGHT);
        said(6.25, "sd 0:0:0:0: [sda] Synchronizing SCSI cache");

        assertThat(completed(Records.planned("serial", List.of(disk))).walk()).isEmpty();
    }

    @Test
    void whereNothingIsSaidTheReportSaysThatItIsNotKnown() throws Exception {
        said(8.75, "reboot: Restarting system");

        ShutdownRecord record = completed();

        assertThat(record.walk()).isEmpty();
        assertThat(ReportText.page(ShownShutdown.of(record), ZoneOffset.UTC).lines())
                .anyMatch(line -> line.startsWith("Which devices the kernel's walk shut down is not known: only with"));
    }

    @Test
    void aLogThatBeginsAfterTheWalkIsNotComplete() throws Exception {
        log.remove(1);
        sayAllOfIt();

        assertThat(completed().walk().orElseThrow().complete()).isFalse();
    }

    @Test
    void aKernelThatIsParallelDoesNotTellWhenADeviceWasDown() throws Exception {
        sayAllOfIt();

        ShutdownRecord record =
                completed(Records.planned("asynchronous", Records.planned().devices()));

        assertThat(record.walk().orElseThrow().devices())
                .extracting(WalkLog.Step::to)
                .containsOnly(Optional.empty());
        assertThat(record.devices().get(2).tookInWalk(record)).isEmpty();
    }

    @Test
    void aNameInTheLogHasNoControlCharacters() throws Exception {
        said(6.5, "nvme\u001b[2J 0000:09:00.0: shutdown");

        assertThat(completed().walk().orElseThrow().devices().get(0).driver()).isEqualTo("nvme?[2J");
    }
}
