// SPDX-License-Identifier: Apache-2.0
package org.quiesced.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of the key metrics is written by each run of the service, the first of which is at boot. */
class MetricsCheckTest {
    private static final Instant RUN = Instant.parse("2026-11-18T11:06:40Z");

    @TempDir
    private Path directory;

    private Path written(String name, Instant at) throws IOException {
        Path file = Files.writeString(directory.resolve(name), "");
        return Files.setLastModifiedTime(file, FileTime.from(at));
    }

    private Finding check() {
        return new MetricsCheck(directory.resolve("expected.json"))
                .check(Optional.of(directory.resolve("quiesced.prom")))
                .orElseThrow();
    }

    @Test
    void nothingIsCheckedWithoutTheKey() {
        assertThat(new MetricsCheck(directory).check(Optional.empty())).isEmpty();
    }

    @Test
    void fileOfTheLastRunIsOk() throws IOException {
        written("expected.json", RUN);
        written("quiesced.prom", RUN.plusMillis(3));

        assertThat(check().state()).isEqualTo(Finding.State.OK);
    }

    @Test
    void fileOfAnEarlierRunIsAWarning() throws IOException {
        written("expected.json", RUN);
        written("quiesced.prom", RUN.minusSeconds(60));

        assertThatItWarns("is older than the last run", "journalctl -b -u quiesced-history.service");
    }

    @Test
    void missingFileIsAWarning() throws IOException {
        written("expected.json", RUN);

        assertThatItWarns("does not exist", "journalctl -b -u quiesced-history.service");
    }

    @Test
    void fileOfAnEarlierBootIsAWarning() throws IOException {
        written("quiesced.prom", RUN);

        assertThatItWarns("is not of this boot", "systemctl start quiesced-history.service");
    }

    private void assertThatItWarns(String text, String remedy) {
        assertThat(check().state()).isEqualTo(Finding.State.WARNING);
        assertThat(check().text()).contains(text);
        assertThat(check().remedy().orElseThrow()).contains(remedy);
    }
}
