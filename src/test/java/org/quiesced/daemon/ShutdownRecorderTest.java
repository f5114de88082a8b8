// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.config.ConfigException;
import org.quiesced.config.Configs;
import org.quiesced.history.Completion;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.Mark;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.log.Logging;
import org.quiesced.plan.KnownLatencies;
import org.quiesced.report.Outcome;
import org.quiesced.run.Event;
import org.quiesced.shutdown.Verb;
import org.quiesced.snapshot.Readers;
import org.quiesced.snapshot.Snapshot;

/** The record written during a shutdown is complete when it is read at the next boot. */
class ShutdownRecorderTest {
    private static final String BOOT = "9d0e7d5c";

    @TempDir
    private Path directory;

    private final List<String> log = new ArrayList<>();
    private long now = 100_000_000_000L;
    private Snapshot snapshot;
    private Machine machine;
    private SimulatedKernel kernel;
    private ShutdownRecorder recorder;

    @BeforeEach
    void prepare() throws IOException, ConfigException {
        MachineBuilder builder = new MachineBuilder("two drives");
        builder.nvme("/devices/pci", "0000:01:00.0", Duration.ofSeconds(3));
        builder.nvme("/devices/pci", "0000:02:00.0", Duration.ofSeconds(2));
        machine = builder.build();
        kernel = new SimulatedKernel(machine);
        snapshot = Readers.of(kernel)
                .read(
                        Configs.FILES.parse(
                                "quiesced.toml",
                                "[driver.nvme]\nshutdown = \"parallel\"\n[device.\"0000:02:00.0\"]\nshutdown = \"kernel\"\n"),
                        KnownLatencies.none());
        recorder = new ShutdownRecorder(
                Optional.of(directory),
                new ShutdownRecorder.Boot(BOOT, "6.1.0", () -> now, () -> 1_795_000_000.0),
                () -> snapshot);
    }

    private final class Kmsg extends Logging.NoLog {
        @Override
        public void carry(String line) {
            log.add("<7>[  103.000000] quiesced: record 103.000000 " + line);
        }
    }

    private void run() {
        Consumer<Event> record = recorder.begins(Verb.REBOOT, snapshot.ready());
        CheckedRun run = CheckedRun.of(machine, kernel, snapshot.ready().plan());
        run.late(Verb.REBOOT, kernel, Duration.ofSeconds(80), record);
        run.execute();
        recorder.carry(new Kmsg());
    }

    private ShutdownRecord written() throws IOException {
        return RecordFiles.read(directory.resolve(ShutdownRecorder.FILE));
    }

    /**
     * Copies the record like {@code bin/early} and the log like pstore, and completes the record as the next boot does.
     */
    private ShutdownRecord afterTheRestart() throws IOException {
        Path records = Files.createDirectories(directory.resolve("records"));
        Files.copy(directory.resolve(ShutdownRecorder.FILE), records.resolve("pending.json"));
        Path pstore = Files.createDirectories(directory.resolve("pstore"));
        Files.write(pstore.resolve("dmesg-ramoops-0"), log);
        return new Completion(new RecordFiles(records), List.of(pstore), Optional.empty(), problem -> {})
                .complete("another", Optional.empty())
                .orElseThrow()
                .record();
    }

    @Test
    void planIsRecordedBeforeTheRun() throws IOException {
        recorder.asked(Verb.REBOOT);
        recorder.write();

        ShutdownRecord record = written();
        assertThat(record.boot()).isEqualTo(BOOT);
        assertThat(record.verb()).isEqualTo("reboot");
        assertThat(record.uptime()).isEqualTo(100);
        assertThat(record.asked()).isEqualTo(1_795_000_000);
        assertThat(record.isComplete()).isFalse();
        assertThat(record.devices()).extracting(DeviceRecord::outcome).containsExactly(Outcome.UNKNOWN, Outcome.KERNEL);
        assertThat(record.devices().get(1).why()).contains("opted out");
    }

    @Test
    void outcomesOfDrivesAreReadAfterTheRestart() throws IOException {
        recorder.asked(Verb.REBOOT);
        recorder.write();
        recorder.mark(Verb.REBOOT, Mark.LATE);
        run();

        ShutdownRecord record = afterTheRestart();

        assertThat(record.isComplete()).isTrue();
        assertThat(record.at(Mark.LATE)).isPresent();
        assertThat(record.devices()).extracting(DeviceRecord::outcome).containsExactly(Outcome.DOWN, Outcome.KERNEL);
        assertThat(record.devices().get(0).took()).contains(3.0);
        assertThat(record.devices().get(0).phase()).contains("late");
    }

    /** The second run finds all drives down, and has no outcomes for them. */
    @Test
    void secondRunKeepsTheOutcomesOfTheFirst() throws IOException {
        recorder.asked(Verb.REBOOT);
        recorder.write();
        recorder.mark(Verb.REBOOT, Mark.EARLY);
        run();
        recorder.mark(Verb.REBOOT, Mark.LATE);
        run();

        ShutdownRecord record = afterTheRestart();

        assertThat(record.devices().get(0).outcome()).isEqualTo(Outcome.DOWN);
        assertThat(record.devices().get(0).phase()).contains("early");
        assertThat(record.devices().get(0).took()).contains(3.0);
    }

    /** The cancelled run still reports events of its devices. */
    @Test
    void eventsOfACancelledRunAreNotRecordedForTheNextShutdown() throws IOException {
        recorder.asked(Verb.REBOOT);
        Consumer<Event> undone = recorder.begins(Verb.REBOOT, snapshot.ready());
        recorder.cancelled();
        recorder.asked(Verb.REBOOT);
        recorder.write();
        recorder.mark(Verb.REBOOT, Mark.LATE);
        undone.accept(new Event.Started(snapshot.ready().devices().get(0), 1, Event.Place.WORKER));
        recorder.carry(new Kmsg());

        assertThat(afterTheRestart().devices().get(0).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void exitrdPhaseIsNotOverriddenByALateMark() throws IOException {
        recorder.asked(Verb.REBOOT);
        recorder.write();
        recorder.mark(Verb.REBOOT, Mark.LATE);
        recorder.mark(Verb.REBOOT, Mark.EXITRD);
        recorder.mark(Verb.REBOOT, Mark.LATE);
        run();

        assertThat(afterTheRestart().devices().get(0).phase()).contains("exitrd");
    }

    /** An error of the recorder, such as lack of memory, must not end the thread of the run. */
    @Test
    void recorderThrowsNothing() {
        recorder = new ShutdownRecorder(
                Optional.of(directory), new ShutdownRecorder.Boot(BOOT, "6.1.0", () -> now, () -> 1.0), () -> {
                    throw new OutOfMemoryError("planted");
                });
        recorder.asked(Verb.REBOOT);
        recorder.write();
        recorder.carry(new Logging.NoLog() {
            @Override
            public void carry(String line) {
                throw new OutOfMemoryError("planted");
            }
        });

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void cancelledShutdownLeavesNoRecord() {
        recorder.asked(Verb.REBOOT);
        recorder.write();
        recorder.cancelled();
        recorder.carry(new Kmsg());

        assertThat(directory.resolve(ShutdownRecorder.FILE)).doesNotExist();
        assertThat(log).isEmpty();
    }

    @Test
    void unwritableDirectoryCostsOnlyTheRecord() throws IOException {
        recorder = new ShutdownRecorder(
                Optional.of(directory.resolve("missing")),
                new ShutdownRecorder.Boot(BOOT, "6.1.0", () -> now, () -> 1.0),
                () -> snapshot);
        recorder.asked(Verb.REBOOT);
        recorder.write();
        recorder.mark(Verb.REBOOT, Mark.LATE);
        run();

        assertThat(log).isNotEmpty();
    }
}
