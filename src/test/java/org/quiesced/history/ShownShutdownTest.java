// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.quiesced.report.Page;

/** A text about a shutdown begins with the number and the date of that shutdown, or says that it is simulated. */
class ShownShutdownTest {
    private static final String TITLE = "Shutdown 8 (Wed 2026-11-18 11:06:40, reboot)";

    private static ShownShutdown stored(ShutdownRecord record) {
        return ShownShutdown.of(new RecordFiles.Kept(8, Path.of("8.json"), record));
    }

    private static ShutdownRecord whole() {
        Map<Mark, Double> marks = Map.of(Mark.FINAL, 6.1, Mark.LATE, 7.5, Mark.WALK, 12.25, Mark.RESTART, 14.25);
        return Records.planned().with(marks, List.of(), Optional.of("pstore"));
    }

    @Test
    void titleHasTheNumberAndTheDateThatAreKnown() {
        ShutdownRecord simulated = new ShutdownRecord(
                ShutdownRecord.FORMAT,
                "",
                "0.1.0",
                "",
                "kexec",
                0,
                0,
                "serial",
                0,
                Optional.empty(),
                Map.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());

        assertThat(stored(Records.planned()).title(ZoneOffset.UTC)).isEqualTo(TITLE);
        assertThat(ShownShutdown.of(Records.planned()).title(ZoneOffset.UTC))
                .isEqualTo("Shutdown (Wed 2026-11-18 11:06:40, reboot)");
        assertThat(ShownShutdown.of(simulated).title(ZoneOffset.UTC)).isEqualTo("Simulated shutdown (kexec)");
    }

    @Test
    void timeAndReportBeginWithTheTitleInALineOf80Columns() {
        for (Page page : List.of(
                TimeText.page(stored(whole()), ZoneOffset.UTC), ReportText.page(stored(whole()), ZoneOffset.UTC))) {
            List<String> lines = page.lines();
            assertThat(lines)
                    .startsWith(
                            TITLE + " took 14.25s:",
                            "6.10s (units) + 1.40s (systemd-shutdown) + 4.75s (devices) + 2.00s (kernel).");
            assertThat(lines.subList(0, 2)).allMatch(line -> line.length() <= 80);
        }
    }

    @Test
    void durationOfFewPartsIsInOneLine() {
        ShutdownRecord record = Records.planned()
                .with(Map.of(Mark.LATE, 0.0, Mark.WALK, 2.0, Mark.RESTART, 2.0), List.of(), Optional.empty());

        assertThat(TimeText.page(stored(record), ZoneOffset.UTC).lines())
                .startsWith(TITLE + " took 2.00s: 2.00s (devices).");
    }

    @Test
    void durationThatIsUnknownBelongsToTheShutdownToo() {
        assertThat(TimeText.page(stored(Records.planned()), ZoneOffset.UTC).lines())
                .startsWith(TITLE + ": its duration is unknown.");
    }

    @Test
    void otherTextsHaveTheTitleAboveThem() {
        ShutdownRecord record = Records.ended(3, 5);
        CriticalChain chain = new CriticalChain(record);

        assertThat(Stream.of(
                                Blame.page(record),
                                CriticalChain.page(chain.links(chain.last().orElseThrow())))
                        .map(page -> stored(record).titled(page, ZoneOffset.UTC).lines()))
                .allSatisfy(lines -> assertThat(lines).startsWith(TITLE, "").hasSizeGreaterThan(3));
    }

    @Test
    void timeAsJsonHasTheNumberAndTheTimeOfTheRequest() {
        assertThat(TimeJson.of(stored(whole())).number()).contains(8);
        assertThat(TimeJson.of(stored(whole())).asked()).isEqualTo(1_795_000_000.25);
        assertThat(TimeJson.of(ShownShutdown.of(whole())).number()).isEmpty();
    }
}
