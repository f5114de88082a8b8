// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.host.PastJournal;
import org.quiesced.host.simulated.SimulatedJournal;
import org.quiesced.report.Outcome;

/** The journal of the previous boot shows which units were slow to stop, and the outcomes of drives before its end. */
class JournalTextTest {
    private static final String STOPPING = "de5b426a63be47a7b6ac3eaac82e2f6f";
    private static final String STOPPED = "9d1aaa27d60140bd96365438aad20286";
    private static final double ASKED = 4_321.5;
    private static final CarriedLine.Shutdown SHUTDOWN = new CarriedLine.Shutdown(Records.BOOT, "reboot", ASKED);

    private final SimulatedJournal journal = new SimulatedJournal(Records.BOOT);

    @TempDir
    private Path directory;

    private Path pstore;
    private RecordFiles files;

    @BeforeEach
    void prepare() throws IOException {
        files = new RecordFiles(directory.resolve("records"));
        pstore = Files.createDirectories(directory.resolve("pstore"));
    }

    private void stops(String unit, double from, double to) {
        journal.ofUnit(ASKED + from, STOPPING, unit);
        journal.ofUnit(ASKED + to, STOPPED, unit);
    }

    private ShutdownRecord completed() throws IOException {
        return completed(journal);
    }

    private ShutdownRecord completed(PastJournal asked) throws IOException {
        Files.createDirectories(files.directory());
        Files.write(files.directory().resolve("pending.json"), Records.planned().json());
        RecordFiles.Kept kept = new Completion(files, List.of(pstore), Optional.of(asked), problem -> {})
                .complete("next", Optional.empty())
                .orElseThrow();
        assertThat(RecordFiles.read(kept.file())).isEqualTo(kept.record());
        return kept.record();
    }

    private StoppedUnits units() throws IOException {
        return completed().units().orElseThrow();
    }

    @Test
    void theUnitsThatTookLongestToStopAreKnown() throws IOException {
        stops("cron.service", 0.1, 0.2);
        stops("postgresql@15-main.service", 0, 4.25);
        stops("ssh.service", 0.1, 1.1);

        StoppedUnits units = units();

        assertThat(units.missing()).isEmpty();
        assertThat(units.slowest())
                .extracting(StoppedUnits.Unit::unit)
                .containsExactly("postgresql@15-main.service", "ssh.service", "cron.service");
        assertThat(units.slowest().get(0).took()).isEqualTo(4.25, within(1e-6));
    }

    @Test
    void tenOfThemAreKept() throws IOException {
        for (int i = 0; i < 30; i++) {
            stops("unit-" + i + ".service", 0, 1 + i);
        }

        assertThat(units().slowest()).hasSize(10).first().matches(unit -> unit.took() > 29);
    }

    @Test
    void whatWasStoppedBeforeTheShutdownIsNoPartOfIt() throws IOException {
        stops("old.service", -90, -20);
        stops("slow.service", -1, 3);
        stops("old.service", 0.5, 1);

        assertThat(units().slowest())
                .extracting(StoppedUnits.Unit::unit, unit -> Math.round(unit.took() * 10))
                .containsExactly(tuple("slow.service", 40L), tuple("old.service", 5L));
    }

    @Test
    void aUnitOfWhichTheJournalHasNoEndIsNotNamed() throws IOException {
        journal.ofUnit(ASKED + 1, STOPPING, "late.service");
        stops("ssh.service", 0.1, 1.1);

        assertThat(units().slowest()).extracting(StoppedUnits.Unit::unit).containsExactly("ssh.service");
    }

    @Test
    void theViewsShowThem() throws IOException {
        stops("postgresql.service", 0, 4.25);
        stops("ssh.service", 0.5, 1);

        ShutdownRecord record = completed();

        assertThat(TimeText.page(ShownShutdown.of(record), ZoneOffset.UTC).lines())
                .contains("Slowest units: postgresql.service 4.25s, ssh.service 500ms.");
        assertThat(ReportText.page(ShownShutdown.of(record), ZoneOffset.UTC).lines())
                .contains(
                        "UNIT                 FROM     TO   TIME",
                        "postgresql.service    0ms  4.25s  4.25s",
                        "ssh.service         500ms  1.00s  500ms");
    }

    @Test
    void aJournalThatCannotBeReadSaysWhy() throws IOException {
        journal.fail("journalctl cannot be started");

        ShutdownRecord record = completed();

        assertThat(TimeText.page(ShownShutdown.of(record), ZoneOffset.UTC).lines())
                .contains("Which units took long to stop is not known: journalctl cannot be started.");
        assertThat(record.devices()).isEqualTo(Records.planned().devices());
    }

    @Test
    void aJournalThatIsVolatileSaysSo() throws IOException {
        assertThat(TimeText.page(ShownShutdown.of(completed()), ZoneOffset.UTC).lines())
                .contains("Which units took long to stop is not known: the journal has nothing of that boot (Storage="
                        + " in journald.conf(5)).");
    }

    @Test
    void whatIsNoEntryIsPassedOver() throws IOException {
        journal.raw("not JSON");
        journal.raw("{\"__MONOTONIC_TIMESTAMP\":\"later\"}");
        journal.raw("{\"__MONOTONIC_TIMESTAMP\":\"4322000000\",\"MESSAGE_ID\":\"" + STOPPING + "\",\"UNIT\":[1,2]}");
        stops("ssh\\u001b.service", 0.1, 1.1);

        assertThat(units().slowest()).extracting(StoppedUnits.Unit::unit).containsExactly("ssh?.service");
    }

    /** Reading the journal may take a minute, during which the machine may fail or be shut down again. */
    @Test
    void recordIsKeptBeforeTheJournalIsRead() throws IOException {
        keptByPstore(1, Map.of(Mark.LATE, 5.0, Mark.END, 8.0), Records.down("0000:03:00.0", 5, 8));
        stops("ssh.service", 0.1, 1.1);
        List<RecordFiles.Kept> keptBefore = new ArrayList<>();

        ShutdownRecord record = completed(query -> {
            keptBefore.addAll(files.read().records());
            return journal.entries(query);
        });

        assertThat(keptBefore).singleElement().satisfies(kept -> {
            assertThat(kept.record().isComplete()).isTrue();
            assertThat(kept.record().units()).isEmpty();
        });
        assertThat(record.units()).isPresent();
        assertThat(files.read().records())
                .singleElement()
                .extracting(RecordFiles.Kept::record)
                .isEqualTo(record);
    }

    private void carried(int edition, Map<Mark, Double> marks, Progressed... devices) {
        CarriedLine.of(SHUTDOWN, edition, marks, List.of(devices))
                .forEach(line -> journal.ofKernelLog(
                        ASKED + 4, "quiesced", String.format(Locale.ROOT, "record %.6f %s", ASKED + 4, line)));
    }

    private void keptByPstore(int edition, Map<Mark, Double> marks, Progressed... devices) throws IOException {
        List<String> log = new ArrayList<>();
        CarriedLine.of(SHUTDOWN, edition, marks, List.of(devices))
                .forEach(line -> log.add("<7>[ 4329.500000] quiesced: record 4329.500000 " + line));
        Files.write(pstore.resolve("dmesg-ramoops-0"), log);
    }

    /** The end of the early phase is not that of the shutdown. */
    @Test
    void whatTheEarlyPhaseDidIsKnownFromTheJournal() throws IOException {
        carried(1, Map.of(Mark.EARLY, 1.0, Mark.END, 4.0), Records.down("0000:03:00.0", 1, 4));

        ShutdownRecord record = completed();

        assertThat(record.carrier()).contains("journal");
        assertThat(record.devices())
                .extracting(DeviceRecord::outcome)
                .containsExactly(Outcome.DOWN, Outcome.UNKNOWN, Outcome.KERNEL);
        assertThat(record.at(Mark.EARLY)).contains(1.0);
        assertThat(record.at(Mark.END)).isEmpty();
        assertThat(record.isComplete()).isFalse();
    }

    @Test
    void whatPstoreHasKeptCountsMore() throws IOException {
        carried(1, Map.of(Mark.EARLY, 1.0, Mark.END, 4.0), Records.down("0000:03:00.0", 1, 4));
        keptByPstore(
                2,
                Map.of(Mark.LATE, 5.0, Mark.END, 8.0),
                Records.down("0000:03:00.0", 1, 4),
                Records.down("0000:04:00.0", 5, 8));

        ShutdownRecord record = completed();

        assertThat(record.carrier()).contains("pstore");
        assertThat(record.isComplete()).isTrue();
        assertThat(record.devices().get(1).outcome()).isEqualTo(Outcome.DOWN);
    }

    /**
     * The one-shot command replaces a daemon that has died, and may find a drive in use that the daemon has shut down.
     */
    @Test
    void driveThatIsDownInTheJournalStaysSoWhateverPstoreSays() throws IOException {
        carried(1, Map.of(Mark.EARLY, 1.0, Mark.END, 4.0), Records.down("0000:03:00.0", 1, 4));
        keptByPstore(
                1001,
                Map.of(Mark.LATE, 5.0, Mark.END, 8.0),
                Records.left("0000:03:00.0", 5, "in_use", "in use"),
                Records.down("0000:04:00.0", 5, 8));

        ShutdownRecord record = completed();

        assertThat(record.isComplete()).isTrue();
        assertThat(record.devices())
                .extracting(DeviceRecord::outcome)
                .containsExactly(Outcome.DOWN, Outcome.DOWN, Outcome.KERNEL);
        assertThat(record.devices().get(0).took()).contains(3.0);
        assertThat(record.devices().get(0).reason()).isEmpty();
    }
}
