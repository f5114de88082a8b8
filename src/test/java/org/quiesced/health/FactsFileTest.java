// SPDX-License-Identifier: Apache-2.0
package org.quiesced.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.history.Counters;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.DeviceRecord.Counted;
import org.quiesced.history.RecordFiles;
import org.quiesced.history.Records;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.method.DriveIdentity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The facts of the last shutdown, as systemd-report(1) contains them. */
class FactsFileTest {
    private static final String DIRECTORY = "/run/systemd/report.files/";

    @TempDir
    private Path directory;

    private static Counters counters(long unsafe) {
        return new Counters(BigInteger.valueOf(8), BigInteger.valueOf(unsafe));
    }

    /** Returns a shutdown whose second drive was slow and counted an unsafe shutdown. */
    private static ShutdownRecord record() {
        return Records.ended(3, 5.5).map(device -> {
            boolean second = device.device().equals("0000:04:00.0");
            Counted counted = new Counted(Optional.of(counters(2)), Optional.of(counters(second ? 3 : 2)));
            return device.with(new DriveIdentity("Fast 1", "S-" + device.device()), counted, Optional.of(1.5));
        });
    }

    private String written(ShutdownRecord record) throws IOException {
        Path path = directory.resolve(FactsFile.NAME);
        new FactsFile(path).write(new RecordFiles.Kept(7, Path.of("7.json"), record));
        return Files.readString(path);
    }

    @Test
    void theFactsAreOneLineOfJson() throws IOException {
        String text = written(record());
        JsonNode facts = JsonMapper.shared().readTree(text);

        assertThat(text.lines()).hasSize(1);
        assertThat(List.copyOf(facts.propertyNames()))
                .containsExactly(
                        "number",
                        "verb",
                        "version",
                        "kernel",
                        "asked",
                        "complete",
                        "took",
                        "saved",
                        "phases",
                        "drives",
                        "compared",
                        "unsafe",
                        "slow");
        assertThat(facts.get("number").asInt()).isEqualTo(7);
        assertThat(facts.get("verb").asString()).isEqualTo("reboot");
        assertThat(facts.get("complete").asBoolean()).isTrue();
        assertThat(facts.get("took").asDouble()).isEqualTo(7.5);
        assertThat(facts.get("saved").asDouble()).isEqualTo(3);
        assertThat(facts.at("/phases/units").asDouble()).isEqualTo(1.5);
        assertThat(facts.at("/phases/devices and kernel").asDouble()).isEqualTo(5.5);
        assertThat(facts.get("drives").toString()).isEqualTo("{\"down\":2,\"kernel\":1}");
        assertThat(facts.get("compared").asInt()).isEqualTo(3);
        assertThat(facts.get("unsafe").asInt()).isEqualTo(1);
        assertThat(facts.get("slow").asInt()).isEqualTo(1);
    }

    @Test
    void whatIsNotKnownIsNull() throws IOException {
        JsonNode facts = JsonMapper.shared().readTree(written(Records.planned()));

        assertThat(facts.get("complete").asBoolean()).isFalse();
        assertThat(facts.get("took").isNull()).isTrue();
        assertThat(facts.get("saved").isNull()).isTrue();
        assertThat(facts.get("phases").isEmpty()).isTrue();
    }

    /** All users may read the facts, and a report may be sent to another machine. */
    @Test
    void theyNameNoDriveAndNoUser() throws IOException {
        String text = written(record());

        for (DeviceRecord device : record().devices()) {
            assertThat(text)
                    .doesNotContain(device.device(), device.path(), device.label())
                    .doesNotContain(
                            device.serial().orElseThrow(), device.model().orElseThrow())
                    .doesNotContain(device.why().orElse(device.device()));
        }
        assertThat(text).doesNotContain(Records.BOOT);
    }

    /**
     * The name must be that of a field in Varlink; otherwise the file is skipped (src/report/report-files.c of systemd
     * 262).
     */
    @Test
    void theReportFindsTheFileByALink() throws IOException {
        List<String> link = Files.readAllLines(Path.of("systemd/tmpfiles.d/quiesced.conf")).stream()
                .filter(line -> line.startsWith("L " + DIRECTORY))
                .flatMap(line -> List.of(line.split("\\s+")).stream())
                .toList();

        assertThat(link).hasSize(7);
        Path entry = Path.of(link.get(1));
        assertThat(entry.getFileName().toString()).matches("[A-Za-z](_?[A-Za-z0-9])*");
        assertThat(entry.getParent().resolve(link.get(6)).normalize())
                .isEqualTo(Path.of("/run/quiesced").resolve(FactsFile.NAME));
    }
}
