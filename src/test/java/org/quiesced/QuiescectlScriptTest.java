// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A shutdown hook that the script starts survives the final kill before an exitrd; other verbs do not. */
@Timeout(value = 60, unit = SECONDS)
class QuiescectlScriptTest {
    private static final long SIGTERM_AND_SIGHUP = 1L << (15 - 1) | 1;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"shutdown-hook,true", "plan,false"})
    void onlyTheCommandOfAShutdownIsSparedFromTheFinalKill(String verb, boolean spared) throws IOException {
        Path script = Files.createDirectories(directory.resolve("bin")).resolve("quiescectl");
        Files.copy(Path.of("packaging/bin/quiescectl"), script);
        // Stands in for the runtime. It ends only when it is killed, because its output is not read.
        Path java = Files.createDirectories(directory.resolve("runtime/bin")).resolve("java");
        Files.copy(Path.of("/usr/bin/yes"), java);
        ProcessBuilder builder =
                new ProcessBuilder(JavaProcess.withDefaultSignals(List.of("sh", script.toString(), verb, "reboot")));
        builder.environment().put("POSIXLY_CORRECT", "1");
        Process process = builder.start();
        try {
            awaitBecoming(process, java);
            Path proc = Path.of("/proc", Long.toString(process.pid()));
            List<String> words = commandLine(process, proc);
            assertThat(words.get(0)).isEqualTo(spared ? "@quiescectl" : java.toString());
            assertThat(words).endsWith("reboot");
            assertThat(ignored(proc) & SIGTERM_AND_SIGHUP).isEqualTo(spared ? SIGTERM_AND_SIGHUP : 0);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Returns the arguments of a process. They become readable later than the name of its program. */
    private static List<String> commandLine(Process process, Path proc) throws IOException {
        String line = Files.readString(proc.resolve("cmdline"));
        while (line.isEmpty()) {
            assertThat(process.isAlive()).isTrue();
            line = Files.readString(proc.resolve("cmdline"));
        }
        return List.of(line.split("\0"));
    }

    private static void awaitBecoming(Process process, Path program) {
        while (!process.info().command().equals(Optional.of(program.toString()))) {
            assertThat(process.isAlive()).isTrue();
            Thread.onSpinWait();
        }
    }

    private static long ignored(Path proc) throws IOException {
        return Files.readAllLines(proc.resolve("status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                .findAny()
                .orElseThrow();
    }
}
