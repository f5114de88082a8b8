// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quiesced.report.Outcome;

/** What a shutdown saved counts all that quiesced made it wait for, and may be a loss. */
class SavingsTest {
    private static final String FIRST = "0000:03:00.0";
    private static final String SECOND = "0000:04:00.0";

    private static ShutdownRecord record(String kernelWalk, double end, Progressed... progress) {
        return Records.planned(
                        kernelWalk,
                        List.of(
                                Records.device(FIRST, "nvme0", Outcome.UNKNOWN),
                                Records.device(SECOND, "nvme1", Outcome.UNKNOWN)))
                .with(Map.of(Mark.LATE, 2.0, Mark.END, end), List.of(progress), Optional.of("pstore"));
    }

    /** Returns a shutdown whose second drive was left at the deadline, after 7.5 s. */
    private static ShutdownRecord atDeadline() {
        return record(
                "serial",
                9.5,
                Records.down(FIRST, 2, 6),
                Records.left(SECOND, 9.5, "deadline_reached", "deadline reached, not started"));
    }

    private static double saved(ShutdownRecord record) {
        return Savings.of(record).orElseThrow();
    }

    @Test
    void theWaitForTheDeadlineIsALoss() {
        assertThat(saved(atDeadline())).isEqualTo(4 - 7.5, within(1e-9));
        assertThat(TimeJson.of(ShownShutdown.of(atDeadline())).saved()).contains(saved(atDeadline()));
    }

    @Test
    void timeSaysThatTheShutdownTookLonger() {
        assertThat(TimeText.page(ShownShutdown.of(atDeadline()), ZoneOffset.UTC).lines())
                .contains(
                        "The deadline was reached: 1 drive left to the kernel because of it.",
                        "Left to the kernel: nvme1 (time unknown): deadline reached, not started.",
                        "The shutdown took about 3.50s longer than by the kernel alone.")
                .noneMatch(line -> line.contains("saved"));
    }

    @Test
    void historyShowsALossAsANegativeNumber() {
        RecordFiles.Kept kept = new RecordFiles.Kept(1, Path.of("1.json"), atDeadline());

        assertThat(HistoryText.page(ListedShutdown.of(List.of(StoredRecord.of(kept))), ZoneOffset.UTC)
                        .lines()
                        .get(1))
                .contains(" -3.50s ");
    }

    @Test
    void timeInTheWalkIsPartOfBoth() {
        ShutdownRecord walked = atDeadline().walked(device -> Optional.of(new ShutdownRecord.Walked(9.5, 40.5)));

        assertThat(saved(walked)).isEqualTo(saved(atDeadline()), within(1e-9));
    }

    /** The kernel would have shut both down at once: what the run took before the walk is lost. */
    @Test
    void parallelKernelGainsNothingFromADriveThatIsFasterThanTheWalk() {
        ShutdownRecord walked = record(
                        "asynchronous",
                        6,
                        Records.down(FIRST, 2, 6),
                        Records.left(SECOND, 2, "in_use", "in use, mounted on /"))
                .walked(device -> Optional.of(new ShutdownRecord.Walked(6, 16)));

        assertThat(saved(walked)).isEqualTo(10 - 14, within(1e-9));
    }

    @Test
    void nothingIsSavedWhereNothingWasPlanned() {
        ShutdownRecord off = Records.planned("serial", List.of(Records.device(FIRST, "nvme0", Outcome.KERNEL)))
                .with(Map.of(Mark.LATE, 2.0, Mark.END, 2.1), List.of(), Optional.of("pstore"));

        assertThat(Savings.of(off)).isEmpty();
        assertThat(Savings.of(Records.planned())).isEmpty();
    }
}
