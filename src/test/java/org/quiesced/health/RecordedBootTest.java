// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.history.Completion;
import org.quiesced.history.Counters;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.Proof;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.Records;
import org.quiesced.snapshot.ExpectedTimesFile;

/** Boots one after the other, each with the drives that answer then, and the records of the shutdowns between them. */
abstract class RecordedBootTest {
    static final String MODEL = "Fast 1";

    @TempDir
    Path directory;

    RecordFiles files;
    Path run;

    @BeforeEach
    void prepare() throws IOException {
        files = new RecordFiles(directory.resolve("records"));
        run = directory.resolve("run");
        Files.createDirectories(files.directory());
    }

    AfterBoot afterBoot() {
        return new AfterBoot(
                new Completion(files, List.of(), Optional.empty(), problem -> {}),
                files,
                new ExpectedFile(run.resolve(ExpectedTimesFile.NAME)),
                new FactsFile(run.resolve(FactsFile.NAME)));
    }

    AfterBoot.Result boot(String boot, Drive... drives) throws Exception {
        return afterBoot().run(boot, () -> List.of(drives));
    }

    static Drive drive(int number, long cycles, long unsafe) {
        return drive(number, Optional.of(Records.counters(cycles, unsafe)));
    }

    static Drive drive(int number, Optional<Counters> counters) {
        return new Drive(
                "/devices/pci0000:00/0000:0" + (3 + number) + ":00.0",
                "nvme" + number,
                "nvme",
                MODEL,
                "S" + number,
                counters);
    }

    /** Records a shutdown of {@link Records#planned} in which the first two drives took the given times, in seconds. */
    void shutDown(double first, double second) throws IOException {
        shutDown(Records.BOOT, first, second);
    }

    void shutDown(String boot, double first, double second) throws IOException {
        String json = new String(Records.ended(first, second).json(), StandardCharsets.UTF_8);
        Files.writeString(files.directory().resolve("pending.json"), json.replace(Records.BOOT, boot));
    }

    static List<String> texts(AfterBoot.Result result) {
        return result.lines().stream().map(LogLine::text).toList();
    }

    static List<Proof> proofs(AfterBoot.Result result) {
        return result.kept().orElseThrow().record().devices().stream()
                .map(DeviceRecord::proof)
                .toList();
    }

    /**
     * Records shutdowns, each in a separate boot, in which the first drive takes the given times and the second one two
     * seconds.
     */
    void shutDowns(double... times) throws Exception {
        for (int i = 0; i < times.length; i++) {
            boot("boot " + i, drive(0, 7 + i, 2), drive(1, 9 + i, 0));
            shutDown("boot " + i, times[i], 2);
        }
        boot("after", drive(0, 7 + times.length, 2), drive(1, 9 + times.length, 0));
    }
}
