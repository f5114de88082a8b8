// SPDX-License-Identifier: Apache-2.0
package org.quiesced.oneshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.config.Config;
import org.quiesced.config.Configs;
import org.quiesced.config.Mode;
import org.quiesced.history.Completion;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.EndedBoot;
import org.quiesced.history.Mark;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.Records;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.invariants.CheckedRun;
import org.quiesced.kernel.simulated.Machine;
import org.quiesced.kernel.simulated.MachineBuilder;
import org.quiesced.kernel.simulated.SimulatedKernel;
import org.quiesced.method.DriveIdentity;
import org.quiesced.plan.Plan;
import org.quiesced.plan.Planner;
import org.quiesced.report.Outcome;
import org.quiesced.run.Event;
import org.quiesced.shutdown.Verb;

/** The one-shot command records its work as the daemon does, even if no daemon was running. */
class HookRecordTest {
    private static final DriveIdentity IDENTITY = new DriveIdentity("Fast 1", "S0");

    @TempDir
    private Path directory;

    private final List<String> log = new ArrayList<>();
    private Path pstore;
    private RecordFiles files;
    private long now = 4_323_500_000_000L;

    @BeforeEach
    void prepare() throws IOException {
        pstore = Files.createDirectories(directory.resolve("pstore"));
        files = new RecordFiles(Files.createDirectories(directory.resolve("records")));
    }

    private HookRecord record() {
        return new HookRecord(directory, Verb.REBOOT, () -> Records.BOOT, () -> now);
    }

    private static OneShot.Result runWith(MachineBuilder builder, OneShot.Listener listener) throws IOException {
        Machine machine = builder.build();
        SimulatedKernel kernel = new SimulatedKernel(machine);
        Config config = Configs.config(Mode.ON, Map.of(), Map.of());
        CheckedRun.addMachine(machine, kernel, Planner.assumingFree(config).plan(machine.tree()), Verb.REBOOT);
        return new OneShot(kernel, kernel.workers(), config, Verb.REBOOT, listener).run(Duration.ofSeconds(80));
    }

    /** Shuts two drives down, which take three and two seconds. */
    private void run() throws IOException {
        MachineBuilder builder = new MachineBuilder("two drives");
        builder.nvme("/devices/pci0000:00", "0000:03:00.0", Duration.ofSeconds(3));
        builder.nvme("/devices/pci0000:00", "0000:04:00.0", Duration.ofSeconds(2));
        HookRecord record = record();
        OneShot.Result result = runWith(builder, new OneShot.Listener() {
            @Override
            public void begins(Plan plan) {
                record.begins(plan);
                assertThat(log).isEmpty();
            }

            @Override
            public void happened(Event event) {
                record.happened(event);
                assertThat(log)
                        .as("nothing is written before the run has ended")
                        .isEmpty();
            }

            @Override
            public void ended() {
                now += 3_000_000_000L;
            }
        });
        record.lines(result.plan()).forEach(line -> log.add("<7>[ 4326.500000] quiesced: record 4326.500000 " + line));
    }

    private Optional<ShutdownRecord> afterTheRestart(Optional<EndedBoot> ended) throws IOException {
        Files.write(pstore.resolve("dmesg-ramoops-0"), log);
        return new Completion(files, List.of(pstore), Optional.empty(), problem -> {})
                .complete("next", ended)
                .map(RecordFiles.Kept::record);
    }

    private static Optional<EndedBoot> boot(String id) {
        return Optional.of(new EndedBoot(
                id, List.of(DeviceRecord.drive("/devices/pci0000:00/0000:03:00.0", "nvme0", "nvme", IDENTITY))));
    }

    @Test
    void itCompletesWhatTheDaemonHasWrittenBeforeItDied() throws IOException {
        byte[] planned = Records.planned().json();
        Files.write(directory.resolve("record.json"), planned);
        Files.write(files.directory().resolve("pending.json"), planned);
        run();

        ShutdownRecord record = afterTheRestart(Optional.empty()).orElseThrow();

        assertThat(record.isComplete()).isTrue();
        assertThat(record.at(Mark.LATE).orElseThrow()).isEqualTo(2, within(1e-3));
        assertThat(record.at(Mark.END).orElseThrow()).isEqualTo(5, within(1e-3));
        assertThat(record.devices())
                .extracting(DeviceRecord::outcome)
                .containsExactly(Outcome.DOWN, Outcome.DOWN, Outcome.KERNEL);
        assertThat(record.devices().get(0).took().orElseThrow()).isEqualTo(3, within(1e-3));
    }

    @Test
    void withoutADaemonItMakesARecordWithTheDrivesOfThatBoot() throws IOException {
        run();

        ShutdownRecord record = afterTheRestart(boot(Records.BOOT)).orElseThrow();

        assertThat(record.isComplete()).isTrue();
        assertThat(record.verb()).isEqualTo("reboot");
        assertThat(record.devices()).singleElement().satisfies(drive -> {
            assertThat(drive.label()).isEqualTo("0000:03:00.0 (nvme0)");
            assertThat(drive.outcome()).isEqualTo(Outcome.DOWN);
            assertThat(drive.identity()).contains(IDENTITY);
        });
    }

    @Test
    void thatIsRecordedOnce() throws IOException {
        run();
        afterTheRestart(boot(Records.BOOT));

        assertThat(afterTheRestart(boot(Records.BOOT))).isEmpty();
        assertThat(files.read().records()).hasSize(1);
    }

    @Test
    void linesOfAnotherBootThanTheLastMakeNoRecord() throws IOException {
        run();

        assertThat(afterTheRestart(boot("another"))).isEmpty();
        assertThat(afterTheRestart(Optional.empty())).isEmpty();
    }

    @Test
    void whatTheDaemonHasLeftOfAnotherBootIsNoneOfIt() throws IOException {
        Files.writeString(
                directory.resolve("record.json"),
                new String(Records.planned().json(), StandardCharsets.UTF_8).replace(Records.BOOT, "before"));
        run();

        assertThat(afterTheRestart(boot(Records.BOOT)).orElseThrow().at(Mark.LATE))
                .contains(0.0);
    }

    @Test
    void aDefectInItReachesNobody() throws IOException {
        HookRecord defective = new HookRecord(
                directory,
                Verb.REBOOT,
                () -> {
                    throw new OutOfMemoryError("planted");
                },
                () -> now);
        MachineBuilder builder = new MachineBuilder("one drive");
        builder.nvme("/devices/pci", "0000:03:00.0", Duration.ofSeconds(1));

        assertThat(runWith(builder, defective).isGood()).isTrue();
    }
}
