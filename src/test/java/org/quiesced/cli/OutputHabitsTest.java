// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.JavaProcess;
import org.quiesced.Programs;

/** An output that is closed or full ends the command with status 1, and a closed one without a message. */
class OutputHabitsTest {
    @TempDir
    private Path directory;

    private static final class Closed extends OutputStream {
        private final String message;

        Closed(String message) {
            this.message = message;
        }

        @Override
        public void write(int one) throws IOException {
            throw new IOException(message);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Broken pipe, ''",
        "No space left on device, quiescectl: the output cannot be written: No space left on device"
    })
    void anOutputThatCannotBeWrittenIsAnErrorAndAReaderWhoHasGoneNoNews(String failure, String message) {
        CheckedOutput output = new CheckedOutput(new Closed(failure));
        StringWriter err = new StringWriter();
        PrintWriter out = new PrintWriter(output, true);

        int code = Main.execute(out, new PrintWriter(err, true), Terminal.NONE, "plan", "nvme-24");

        assertThat(code).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(output.exitCode(code, new PrintWriter(err, true))).isEqualTo(1);
        assertThat(err.toString()).isEqualToIgnoringNewLines(message);
    }

    @Test
    void anOutputThatArrivesKeepsTheExitCode() {
        CheckedOutput output = new CheckedOutput(OutputStream.nullOutputStream());
        PrintWriter out = new PrintWriter(output, true);
        out.println("all");

        assertThat(output.exitCode(0, out)).isZero();
        assertThat(output.exitCode(3, out)).isEqualTo(3);
        assertThatThrownBy(() -> new CheckedOutput(new Closed("gone")).write(1)).hasMessage("gone");
    }

    /** Executed by a shell, because the output is a file descriptor of the process. */
    @ParameterizedTest
    @CsvSource({
        "plan nvme-150, | true, ''",
        "plan nvme-150, > /dev/full, quiescectl: the output cannot be written: No space left on device"
    })
    void theProcessEndsWithOne(String commandLine, String output, String message) throws Exception {
        List<String> shell =
                new ArrayList<>(List.of("sh", "-c", "{ { \"$@\"; echo $? >code; } 2>err; } " + output, "sh"));
        shell.addAll(JavaProcess.command(Main.class, commandLine.split(" ")));

        assertThat(Programs.run(new ProcessBuilder(shell).directory(directory.toFile())))
                .isZero();
        assertThat(Files.readString(directory.resolve("err"))).isEqualToIgnoringNewLines(message);
        assertThat(Files.readString(directory.resolve("code"))).isEqualTo("1\n");
    }
}
