// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.shutdown.Verb;

/** The request timeout of a disk decides how long the disk is awaited, within bounds. */
class ScsiTimeoutTest {
    private final MethodRun run = new MethodRun();
    private final String disk = run.builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(6));

    private void shutdownWithTimeout(String seconds) throws IOException {
        run.builder.attribute(disk, "timeout", seconds);
        run.shutdown(disk, Verb.REBOOT);
    }

    @ParameterizedTest
    @CsvSource({"31, 137", "90, 255", "3599, 7273", "3600, 7275", "3601, 7275", "4294967295, 7275", "42949672950, 7275"
    })
    void timeoutAboveTheDefaultOfTheDriverCountsUpToAnHour(String seconds, long patience) throws IOException {
        shutdownWithTimeout(seconds);

        assertThat(run.allowed).containsExactly(Duration.ofSeconds(patience));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "29", "30"})
    void timeoutUpToTheDefaultOfTheDriverChangesNothing(String seconds) throws IOException {
        shutdownWithTimeout(seconds);

        assertThat(run.allowed).isEmpty();
        assertThat(run.done()).containsExactly("FLUSH sda", "UNBIND 0:0:0:0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "thirty"})
    void invalidTimeoutIsIgnored(String text) throws IOException {
        shutdownWithTimeout(text);

        assertThat(run.allowed).isEmpty();
        assertThat(run.done()).containsExactly("FLUSH sda", "UNBIND 0:0:0:0");
    }
}
