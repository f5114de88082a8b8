// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.JavaProcess;

/**
 * From its first unbind until all its work has ended, signals do not end the one-shot command, because they would end a
 * driver's wait for its drive. Before the first unbind they end the command.
 */
@Timeout(120)
class OneShotSignalsTest {
    private final List<String> lines = new ArrayList<>();
    private Process process;
    private BufferedReader output;

    private void start(String... arguments) throws IOException {
        process = new ProcessBuilder(
                        JavaProcess.withDefaultSignals(JavaProcess.command(OneShotProcess.class, arguments)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    private void until(String wanted) throws IOException {
        while (!lines.contains(wanted)) {
            String line = output.readLine();
            assertThat(line).as("waiting for '%s' after %s", wanted, lines).isNotNull();
            lines.add(line);
        }
    }

    @Test
    void signalsAreIgnoredWhileDriversAreUnbound() throws IOException, InterruptedException {
        start();
        until("unbinding 0000:02:00.0");
        for (String signal : List.of("INT", "TERM", "HUP")) {
            JavaProcess.send(process, signal);
        }
        until("returned");
        assertThat(lines).as("the drive that was given up is still in flight").doesNotContain("unbound 0000:02:00.0");
        for (String signal : List.of("HUP", "TERM", "INT")) {
            JavaProcess.send(process, signal);
        }
        until("all has ended");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(lines)
                .contains("unbound 0000:01:00.0", "unbound 0000:02:00.0")
                .containsOnlyOnce("refused")
                .endsWith("all has ended");
    }

    @ParameterizedTest
    @CsvSource({"HUP, 129", "INT, 130", "TERM, 143"})
    void signalsBeforeTheFirstUnbindEndTheProcess(String signal, int code) throws IOException, InterruptedException {
        start("hung");
        until("ready");
        JavaProcess.send(process, signal);

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(code);
        assertThat(output.lines()).as("no driver was taken away").isEmpty();
    }
}
