// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.quiesced.method.DriveIdentity;
import org.quiesced.report.Outcome;

/** The time of the drives is that of each phase, without the wait for the units between two phases. */
class PhaseDrivesTest {
    private static final Map<Mark, Double> MARKS = Map.of(
            Mark.EARLY, 2.0, Mark.FINAL, 30.0, Mark.LATE, 31.0, Mark.END, 34.0, Mark.WALK, 34.0, Mark.RESTART, 36.0);

    private static ShutdownRecord record(Progressed... progress) {
        return Records.planned().with(MARKS, List.of(progress), Optional.of("pstore"));
    }

    private static Progressed down(String name, String phase, double start, double end) {
        return new Progressed(
                name,
                Optional.of(phase),
                Optional.empty(),
                Optional.of("parallel"),
                Optional.of(start),
                Optional.of(start),
                Optional.of(start),
                Optional.empty(),
                Optional.of(end),
                Outcome.DOWN,
                Optional.empty(),
                Optional.empty());
    }

    private static List<String> lines(ShutdownRecord record) {
        List<String> lines =
                TimeText.page(ShownShutdown.of(record), ZoneOffset.UTC).lines();
        return lines.subList(2, lines.size());
    }

    private static ShutdownRecord earlyAndLate() {
        return record(down("0000:03:00.0", "early", 2, 5), down("0000:04:00.0", "late", 31, 34));
    }

    @Test
    void drivesOfTwoPhasesHaveTheTimeOfEach() {
        assertThat(lines(earlyAndLate()))
                .startsWith(
                        "2 of 3 drives down, 1 left to the kernel.",
                        "1 drive went down in the early phase in 3.00s, while units were still being stopped; 1 in the"
                                + " late phase in 3.00s.");
        assertThat(TimeJson.of(ShownShutdown.of(earlyAndLate())).phases())
                .extracting(PhaseDrives::phase, PhaseDrives::drives, PhaseDrives::from, PhaseDrives::to)
                .containsExactly(tuple("early", 1L, 2.0, 5.0), tuple("late", 1L, 31.0, 34.0));
    }

    @Test
    void drivesOfOnePhaseHaveItsTimeInTheSummary() {
        assertThat(lines(record(down("0000:03:00.0", "late", 31, 34), down("0000:04:00.0", "late", 31, 33))))
                .startsWith("2 of 3 drives down in 3.00s, 1 left to the kernel.")
                .noneMatch(line -> line.contains("phase"));
        assertThat(lines(record(down("0000:03:00.0", "early", 2, 5), down("0000:04:00.0", "early", 2, 4))))
                .startsWith(
                        "2 of 3 drives down in 3.00s, 1 left to the kernel.",
                        "2 drives went down in the early phase in 3.00s, while units were still being stopped.");
    }

    /** A sentence between them would be taken for what the later one is about. */
    @Test
    void phasesFollowTheCountOfTheDrivesAndSlowDrivesFollowThem() {
        ShutdownRecord record = earlyAndLate().map(PhaseDrivesTest::usuallyQuick);

        assertThat(lines(record).stream().map(line -> line.replaceAll(" .*", "")))
                .startsWith("2", "1", "Slow:", "Slow:");
        assertThat(lines(record)).noneMatch(line -> line.contains("of them"));
    }

    private static DeviceRecord usuallyQuick(DeviceRecord device) {
        return device.with(
                new DriveIdentity("model", "serial"),
                new DeviceRecord.Counted(Optional.empty(), Optional.empty()),
                Optional.of(0.5));
    }

    @Test
    void phasesAreInChronologicalOrder() {
        ShutdownRecord record = record(
                down("0000:03:00.0", "exitrd", 33, 34),
                down("0000:04:00.0", "network", 1, 2),
                down("0000:05:00.0", "early", 2, 5));

        assertThat(PhaseDrives.of(record)).extracting(PhaseDrives::phase).containsExactly("network", "early", "exitrd");
        assertThat(RecordText.summary(record)).isEqualTo("3 of 3 drives down");
    }

    @Test
    void planOfAShutdownHasNoPhase() {
        assertThat(Stream.of(Records.planned(), record()).map(PhaseDrives::of)).containsOnly(List.of());
        assertThat(RecordText.phases(Records.planned())).isEmpty();
    }
}
