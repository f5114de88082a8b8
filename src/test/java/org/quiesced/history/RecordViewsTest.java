// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.quiesced.report.NarrowSpace.assertThatItFits;

import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.quiesced.report.Layout;
import org.quiesced.report.Outcome;

/** Views of a record: time by phase and by device, and the difference of two records. */
class RecordViewsTest {
    private static final Map<Mark, Double> MARKS = Map.of(
            Mark.FINAL, 6.1, Mark.EARLY, 6.0, Mark.LATE, 7.5, Mark.END, 12.2, Mark.WALK, 12.25, Mark.RESTART, 14.25);

    private static ShutdownRecord whole() {
        return Records.planned()
                .with(
                        MARKS,
                        List.of(Records.down("0000:03:00.0", 7.5, 12.0), Records.down("0000:04:00.0", 7.5, 10.5)),
                        Optional.of("pstore"));
    }

    private static RecordFiles.Kept kept(int number, ShutdownRecord record) {
        return new RecordFiles.Kept(number, Path.of(number + ".json"), record);
    }

    private static RecordFiles.Contents contents(RecordFiles.Kept... kept) {
        return new RecordFiles.Contents(Stream.of(kept).map(StoredRecord::of).toList());
    }

    @Test
    void summaryNamesTheTimeOfEachPart() {
        assertThat(TimeText.page(ShownShutdown.of(whole()), ZoneOffset.UTC).lines())
                .containsExactly(
                        "Shutdown (Wed 2026-11-18 11:06:40, reboot) took 14.25s:",
                        "6.10s (units) + 1.40s (systemd-shutdown) + 4.75s (devices) + 2.00s (kernel).",
                        "2 of 3 drives down in 4.50s, 1 left to the kernel.",
                        "Left to the kernel: nvme2 (time unknown): in use, mounted on /.",
                        "quiesced saved about 2.80s.");
    }

    @Test
    void partsAddUpToTheTotal() {
        Phases phases = Phases.of(whole());

        assertThat(phases.parts().stream().mapToDouble(Phases.Part::took).sum())
                .isEqualTo(phases.took().orElseThrow(), within(1e-9));
    }

    @Test
    void missingMarkMergesTwoParts() {
        ShutdownRecord record =
                Records.planned().with(Map.of(Mark.LATE, 7.5, Mark.END, 12.2), List.of(), Optional.of("pstore"));

        assertThat(Phases.of(record).parts())
                .extracting(Phases.Part::name)
                .containsExactly("units and systemd-shutdown", "devices and kernel");
        assertThat(Phases.of(record).took()).contains(12.2);
    }

    @Test
    void incompleteRecordClaimsNoTime() {
        assertThat(TimeText.page(ShownShutdown.of(Records.planned()), ZoneOffset.UTC)
                        .lines())
                .containsExactly(
                        "Shutdown (Wed 2026-11-18 11:06:40, reboot): its duration is unknown.",
                        "0 of 3 drives down, 1 left to the kernel, 2 with an unknown end.",
                        "Left to the kernel: nvme2 (time unknown): in use, mounted on /.",
                        "The end of the record was not carried over the restart; \"quiescectl doctor\" shows the remedy.");
        assertThat(Savings.of(Records.planned())).isEmpty();
    }

    @Test
    void blameListsTheSlowestDeviceFirst() {
        assertThat(Blame.page(whole()).lines())
                .containsExactly(
                        " TIME  FLUSH  CHECK  REMOVAL  STOP  DEVICE                DRIVER  OUTCOME",
                        "4.50s  250ms  250ms    4.00s     -  0000:03:00.0 (nvme0)  nvme    down",
                        "3.00s  250ms  250ms    2.50s     -  0000:04:00.0 (nvme1)  nvme    down",
                        "    -      -      -        -     -  0000:05:00.0 (nvme2)  nvme    left to the kernel: in use, mounted on /");
    }

    @Test
    void blameTellsTheStopOfADiskFromTheRemovalOfItsDriver() {
        assertThat(Blame.page(stopped()).lines())
                .containsExactly(
                        " TIME  FLUSH  CHECK  REMOVAL   STOP  DEVICE         DRIVER  OUTCOME",
                        "4.00s  250ms  250ms    500ms  3.00s  0:0:0:0 (sda)  sd      down");
    }

    @Test
    void reportSaysWhenTheStopOfADiskBegan() {
        assertThat(ReportText.page(ShownShutdown.of(stopped()), ZoneOffset.UTC).lines())
                .contains(
                        "DEVICE         DRIVER  PHASE   FROM   STOP      TO  OUTCOME  WHY",
                        "0:0:0:0 (sda)  sd      late   7.50s  8.50s  11.50s  down     -");
    }

    /** Returns the record of a shutdown with a disk that was stopped. */
    private static ShutdownRecord stopped() {
        return Records.planned("serial", List.of(Records.sd("0:0:0:0", "sda", Outcome.UNKNOWN)))
                .with(MARKS, List.of(Records.stopped("0:0:0:0", 7.5, 8.5, 11.5)), Optional.empty());
    }

    @Test
    void criticalChainFollowsDependents() {
        DeviceRecord port = Records.waitingFor("port", "port", List.of("0000:03:00.0", "0000:04:00.0"));
        ShutdownRecord planned = Records.planned();
        ShutdownRecord record = Records.planned(
                        "serial",
                        List.of(planned.devices().get(0), planned.devices().get(1), port))
                .with(
                        MARKS,
                        List.of(
                                Records.down("0000:03:00.0", 7.5, 12.0),
                                Records.down("0000:04:00.0", 7.5, 10.5),
                                Records.down("port", 12.0, 12.125)),
                        Optional.empty());
        CriticalChain chain = new CriticalChain(record);

        assertThat(CriticalChain.page(chain.links(chain.last().orElseThrow()))
                        .lines()
                        .subList(3, 5))
                .containsExactly("port @12.00s +125ms", "└─0000:03:00.0 (nvme0) @7.50s +4.50s");
        assertThat(chain.find("nvme1")).map(DeviceRecord::device).contains("0000:04:00.0");
        assertThat(chain.find("nvme9")).isEmpty();
    }

    @Test
    void criticalChainOfACycleIsFinite() {
        String name = "0000:03:00.0";
        DeviceRecord cyclic = Records.waitingFor(name, name, List.of(name)).with(Records.down(name, 1, 1));
        ShutdownRecord cycle = Records.planned("serial", List.of(cyclic));

        CriticalChain chain = new CriticalChain(cycle);
        assertThat(CriticalChain.page(chain.links(cyclic)).lines()).hasSizeLessThan(8);
        assertThat(chain.links(cyclic)).extracting(CriticalChain.Link::device).containsExactly(name, name);
    }

    @Test
    void tablesOfRecordsFitANarrowTerminal() {
        RecordFiles.Contents records = contents(kept(7, Records.planned()), kept(8, whole()));

        assertThatItFits(HistoryText.page(ListedShutdown.of(records.stored()), ZoneOffset.UTC));
        assertThatItFits(HistoryText.page(Difference.of(kept(7, whole()), kept(8, whole()))));
        assertThatItFits(ReportText.page(ShownShutdown.of(whole()), ZoneOffset.UTC));
        assertThatItFits(Blame.page(whole()));
        assertThatItFits(TimeText.page(ShownShutdown.of(whole()), ZoneOffset.UTC));
    }

    @Test
    void failuresAreRedAndMissingPartsYellow() {
        ShutdownRecord failed = Records.planned()
                .with(
                        MARKS,
                        List.of(Records.left("0000:03:00.0", 9, "failed", "cannot unbind: EIO")),
                        Optional.of("pstore"));
        Layout coloured = new Layout(Layout.UNLIMITED, Layout.UNLIMITED, true);

        assertThat(ReportText.page(ShownShutdown.of(failed), ZoneOffset.UTC).lines(coloured))
                .anyMatch(line -> line.startsWith("0000:03:00.0") && line.contains("\u001b[0;1;31mkernel\u001b[0m"));
        assertThat(ReportText.page(ShownShutdown.of(whole()), ZoneOffset.UTC).lines(coloured))
                .noneMatch(line -> line.contains("\u001b[0;1;3"));
        assertThat(HistoryText.page(
                                ListedShutdown.of(
                                        contents(kept(7, Records.planned())).stored()),
                                ZoneOffset.UTC)
                        .lines(coloured)
                        .get(1))
                .endsWith("\u001b[0;1;33mno end\u001b[0m");
    }

    @Test
    void historyHasALinePerShutdown() {
        assertThat(HistoryText.page(
                                ListedShutdown.of(contents(kept(7, Records.planned()), kept(8, whole()))
                                        .stored()),
                                ZoneOffset.UTC)
                        .lines())
                .containsExactly(
                        "NO  REQUESTED                VERB      TOOK  DRIVES  SAVED  RECORD",
                        " 7  Wed 2026-11-18 11:06:40  reboot       -     0/3      -  no end",
                        " 8  Wed 2026-11-18 11:06:40  reboot  14.25s     2/3  2.80s  complete",
                        "1 shutdown since Wed 2026-11-18 saved about 2.80s; it is not known for 1 more.");
    }

    @Test
    void historyHasTheSumOfWhatWasSaved() {
        assertThat(sum(whole(), whole())).isEqualTo("2 shutdowns since Wed 2026-11-18 saved about 5.60s.");
        assertThat(sum(Records.planned())).isEqualTo("How much time was saved is not known for any of them.");
        assertThat(sum(whole().with(Map.of(Mark.END, 62.0), List.of(), Optional.empty())))
                .isEqualTo("1 shutdown since Wed 2026-11-18 took about 47.00s longer than by the kernel alone.");
    }

    private static String sum(ShutdownRecord... records) {
        List<StoredRecord> all = Stream.of(records)
                .map(record -> StoredRecord.of(kept(1, record)))
                .toList();
        List<String> lines =
                HistoryText.page(ListedShutdown.of(all), ZoneOffset.UTC).lines();
        return lines.get(lines.size() - 1);
    }

    @Test
    void wordsOfHistoryAreWholeOn80Columns() {
        RecordFiles.Contents records = contents(kept(17, Records.planned()), kept(18, whole()));

        assertThat(HistoryText.page(ListedShutdown.of(records.stored()), ZoneOffset.UTC)
                        .lines(new Layout(80, 80, false)))
                .noneMatch(line -> line.contains("…"))
                .anyMatch(line -> line.endsWith("  no end"));
    }

    @Test
    void differenceListsThePartsAndTheMostSlowedDeviceFirst() {
        ShutdownRecord later = Records.planned()
                .with(
                        MARKS,
                        List.of(Records.down("0000:03:00.0", 7.5, 11.0), Records.down("0000:04:00.0", 7.5, 12.5)),
                        Optional.of("pstore"));

        assertThat(HistoryText.page(Difference.of(kept(7, whole()), kept(8, later)))
                        .lines())
                .containsExactly(
                        "CHANGE    IN 7    IN 8  PART OR DEVICE        DRIVER",
                        "  +0ms  14.25s  14.25s  shutdown",
                        "  +0ms   6.10s   6.10s  units",
                        "  +0ms   1.40s   1.40s  systemd-shutdown",
                        "  +0ms   4.75s   4.75s  devices",
                        "  +0ms   2.00s   2.00s  kernel",
                        "+2.00s   3.00s   5.00s  0000:04:00.0 (nvme1)  nvme",
                        "-1.00s   4.50s   3.50s  0000:03:00.0 (nvme0)  nvme");
    }

    @Test
    void traceHasATrackForEachDeviceAndTheMachine() {
        TraceJson trace = TraceJson.of(whole());

        assertThat(trace.traceEvents().stream().filter(event -> event.ph().equals("M")))
                .extracting(event -> event.args().get("name"))
                .containsExactly("shutdown (reboot)", "0000:03:00.0 (nvme0)", "0000:04:00.0 (nvme1)");
        assertThat(trace.traceEvents().stream()
                        .filter(event -> event.tid() == 1 && event.ph().equals("X")))
                .extracting(TraceJson.Event::name, event -> event.dur().orElseThrow())
                .containsExactly(
                        tuple("shutdown", 4_500_000L),
                        tuple("flush", 250_000L),
                        tuple("check", 250_000L),
                        tuple("removal", 4_000_000L));
    }

    @Test
    void traceHasASliceForTheStopOfADisk() {
        assertThat(TraceJson.of(stopped()).traceEvents().stream()
                        .filter(event -> event.tid() == 1 && event.ph().equals("X")))
                .extracting(TraceJson.Event::name, event -> event.dur().orElseThrow())
                .containsExactly(
                        tuple("shutdown", 4_000_000L),
                        tuple("flush", 250_000L),
                        tuple("check", 250_000L),
                        tuple("removal", 500_000L),
                        tuple("stop", 3_000_000L));
    }
}
