// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.quiesced.report.NarrowSpace.assertThatItFits;

import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.quiesced.method.DriveIdentity;
import org.quiesced.report.Outcome;

/** Drives that were left to the kernel are named and timed as those that quiesced shut down. */
class LeftDrivesTest {
    private static final Map<Mark, Double> MARKS =
            Map.of(Mark.LATE, 7.5, Mark.END, 12.0, Mark.WALK, 12.25, Mark.RESTART, 45.0);

    private static final String LEFT = "0000:05:00.0";

    /** Returns a shutdown whose third drive was left to the kernel, at an unknown time. */
    private static ShutdownRecord untimed() {
        return Records.planned()
                .with(
                        MARKS,
                        List.of(Records.down("0000:03:00.0", 7.5, 12.0), Records.down("0000:04:00.0", 7.5, 10.5)),
                        Optional.of("pstore"));
    }

    /** Returns the same shutdown, with the time of that drive in the kernel's walk. */
    private static ShutdownRecord walked(double took) {
        return untimed().walked(device -> Optional.of(new ShutdownRecord.Walked(12.25, 12.25 + took)));
    }

    private static ShutdownRecord slow() {
        return walked(31).map(LeftDrivesTest::usually);
    }

    private static DeviceRecord usually(DeviceRecord device) {
        return device.with(
                new DriveIdentity("model", "serial"),
                new DeviceRecord.Counted(Optional.empty(), Optional.empty()),
                Optional.of(4.5));
    }

    private static List<DeviceRecord> drives(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Records.device("0000:0" + i + ":00.0", "nvme" + i, Outcome.KERNEL))
                .toList();
    }

    @Test
    void timeNamesThemWithTheirReasonAndTheirTimeInTheWalk() {
        assertThat(TimeText.page(ShownShutdown.of(slow()), ZoneOffset.UTC).lines())
                .contains(
                        "Slow: 0000:05:00.0 (nvme2) took 31.00s, 6.9 times its usual 4.50s.",
                        "Left to the kernel: nvme2 (31.00s): in use, mounted on /.");
        assertThat(TimeText.page(ShownShutdown.of(untimed()), ZoneOffset.UTC).lines())
                .contains("Left to the kernel: nvme2 (time unknown): in use, mounted on /.")
                .noneMatch(line -> line.startsWith("Slow"));
    }

    @Test
    void drivesWhoseReasonsDifferByTheirDiskAreNamedTogether() {
        ShutdownRecord record = Records.planned("serial", drives(2))
                .with(
                        MARKS,
                        List.of(
                                Records.left("0000:00:00.0", 9, "in_use", "nvme0n1 is in use: held by md0"),
                                Records.left("0000:01:00.0", 9, "in_use", "nvme1n1 is in use: held by md0")),
                        Optional.empty());

        assertThat(TimeText.page(ShownShutdown.of(record), ZoneOffset.UTC).lines())
                .contains("Left to the kernel: nvme0 (time unknown), nvme1 (time unknown): in use: held by md0.");
    }

    @Test
    void timeNamesAFewOfMany() {
        ShutdownRecord record = Records.planned("serial", drives(7));

        assertThat(TimeText.page(ShownShutdown.of(record), ZoneOffset.UTC).lines())
                .contains(
                        "Left to the kernel: nvme0 (time unknown), nvme1 (time unknown), nvme2 (time unknown) and 4 more:"
                                + " in use, mounted on /; \"quiescectl blame\" lists them.");
        assertThatItFits(TimeText.page(ShownShutdown.of(record), ZoneOffset.UTC));
    }

    @Test
    void timeNamesAFewOfManyReasons() {
        List<Progressed> left = IntStream.range(0, 5)
                .mapToObj(i -> Records.left("0000:0" + i + ":00.0", 9, "failed", "error " + i))
                .toList();
        ShutdownRecord record = Records.planned("serial", drives(5)).with(MARKS, left, Optional.empty());

        assertThat(TimeText.page(ShownShutdown.of(record), ZoneOffset.UTC).lines())
                .contains(
                        "Left to the kernel: nvme2 (time unknown): error 2.",
                        "Left to the kernel: 2 more for other reasons; \"quiescectl blame\" lists them.");
    }

    @Test
    void jsonOfTimeHasAllOfThem() {
        assertThat(TimeJson.of(ShownShutdown.of(slow())).left())
                .extracting(TimeJson.Left::device, TimeJson.Left::took, TimeJson.Left::reason)
                .containsExactly(tuple(LEFT, Optional.of(31.0), Optional.of("in_use")));
        assertThat(TimeJson.of(ShownShutdown.of(slow())).slow())
                .extracting(TimeJson.Slow::device, TimeJson.Slow::took)
                .containsExactly(tuple(LEFT, 31.0));
        assertThat(TimeJson.of(ShownShutdown.of(Records.planned("serial", drives(7))))
                        .left())
                .hasSize(7);
    }

    @Test
    void blameSaysThatTheyAreSlow() {
        assertThat(Blame.page(slow()).lines().get(1))
                .startsWith("31.00s ")
                .endsWith("the kernel's walk: in use, mounted on /: took 31.00s, 6.9 times its usual 4.50s");
    }

    @Test
    void blameListsThemWithoutAKnownTimeToo() {
        assertThat(Blame.page(untimed()).lines())
                .hasSize(4)
                .endsWith(
                        "    -      -      -        -     -  0000:05:00.0 (nvme2)  nvme    left to the kernel: in use, mounted on /");
        assertThat(Blame.page(walked(0.0001)).lines()).last().asString().contains("nvme2", "the kernel's walk: in use");
    }

    @Test
    void theDeviceThatEndedLastMayBeOneOfThem() {
        CriticalChain chain = new CriticalChain(slow());

        assertThat(CriticalChain.page(chain.links(chain.last().orElseThrow())).lines())
                .endsWith(
                        "0000:05:00.0 (nvme2) @12.25s +31.00s (kernel)",
                        "└─0000:03:00.0 (nvme0) @7.50s +4.50s, the last before the kernel's walk",
                        "",
                        "0000:05:00.0 (nvme2) was left to the kernel: in use, mounted on /; took 31.00s, 6.9 times its"
                                + " usual 4.50s.");
    }

    @Test
    void theWalkTakesOneAfterTheOther() {
        ShutdownRecord record = Records.planned("serial", drives(3))
                .with(MARKS, List.of(), Optional.empty())
                .walked(device -> Optional.of(walkOf(device)));
        CriticalChain chain = new CriticalChain(record);

        assertThat(chain.links(chain.last().orElseThrow()))
                .extracting(CriticalChain.Link::device, CriticalChain.Link::because)
                .containsExactly(
                        tuple("0000:00:00.0", Optional.empty()),
                        tuple("0000:01:00.0", Optional.of(Waits.Cause.KERNEL_WALK)),
                        tuple("0000:02:00.0", Optional.of(Waits.Cause.KERNEL_WALK)));
    }

    /** Returns the time of a drive in a walk from the last drive to the first, of two seconds each. */
    private static ShutdownRecord.Walked walkOf(DeviceRecord device) {
        int place = 2 - Character.getNumericValue(device.device().charAt(6));
        return new ShutdownRecord.Walked(12.25 + 2 * place, 14.25 + 2 * place);
    }

    /** The run ended at its deadline, some time after its last device. */
    @Test
    void theWalkDoesNotWaitForADeviceThatEndedBeforeTheRun() {
        ShutdownRecord record = slow().with(Map.of(Mark.END, 12.2), List.of(), Optional.empty());

        assertThat(new CriticalChain(record).links(record.devices().get(2))).hasSize(1);
    }

    @Test
    void differenceComparesTheWalkWithAShutdownByQuiesced() {
        ShutdownRecord before = untimed().with(Map.of(), List.of(Records.down(LEFT, 7.5, 9.5)), Optional.empty());
        RecordFiles.Kept one = new RecordFiles.Kept(4, Path.of("4.json"), before);
        RecordFiles.Kept other = new RecordFiles.Kept(5, Path.of("5.json"), slow());

        assertThat(HistoryText.page(Difference.of(one, other)).lines())
                .anyMatch(line -> line.matches("\\+29.00s +2.00s +31.00s +0000:05:00.0 \\(nvme2\\) +nvme"));
    }
}
