// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.JavaProcess;
import org.quiesced.Script;
import org.quiesced.host.LocalListener.Connection;
import org.quiesced.host.linux.LocalSocket;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Signals do not end the daemon while devices are in flight; the service ignores SIGHUP at all times. */
@Timeout(120)
class DaemonSignalsTest {
    private static final long SIGHUP = 1L << (1 - 1);

    @TempDir
    private Path directory;

    private Process process;

    /**
     * Starts the daemon, by a shell as the service does, on a simulated machine in real time, and waits until it is
     * ready.
     *
     * @param before commands that the shell executes first
     */
    private void start(String before) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", before + "exec \"$@\"", "sh"));
        command.addAll(JavaProcess.command(
                Quiesced.class, "--simulated", "nvme-24", "--runtime-directory", directory.toString()));
        process = new ProcessBuilder(JavaProcess.withDefaultSignals(command))
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
        // The file is written last, when the daemon is ready.
        while (!Files.exists(directory.resolve("pid"))) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(20);
        }
    }

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private Path output() {
        return directory.resolve("output");
    }

    /** Sends SIGTERM, and waits until the daemon has received it. */
    private void terminate() throws IOException, InterruptedException {
        JavaProcess.send(process, "TERM");
        while (!Files.readString(output()).contains("a signal asks for the end")) {
            Thread.sleep(20);
        }
    }

    private JsonNode status() throws IOException {
        try (Connection connection = LocalSocket.connect(directory.resolve(ControlInterface.NAME))) {
            connection.write("{\"method\":\"org.quiesced.Control.Status\"}\0".getBytes(StandardCharsets.UTF_8));
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            byte[] one = new byte[1];
            while (connection.read(one) == 1 && one[0] != 0) {
                message.write(one[0]);
            }
            return JsonMapper.shared().readTree(message.toByteArray()).path("parameters");
        }
    }

    private static long ignored(ProcessHandle process) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                .findAny()
                .orElseThrow();
    }

    @Test
    void daemonKeepsIgnoringAnInheritedIgnoredHangup() throws IOException, InterruptedException {
        start("trap '' HUP; ");
        assertThat(ignored(process.toHandle()) & SIGHUP).isEqualTo(SIGHUP);
        JavaProcess.send(process, "HUP");
        JavaProcess.send(process, "HUP");

        assertThat(status().path("pid").asLong()).isEqualTo(process.pid());
        assertThat(process.isAlive()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"HUP, 129", "INT, 130", "TERM, 143"})
    void signalsEndAnIdleDaemon(String signal, int code) throws IOException, InterruptedException {
        start("");
        JavaProcess.send(process, signal);

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(code);
    }

    @Test
    void signalsEndTheDaemonOnceNothingIsInFlight() throws IOException, InterruptedException {
        start("");
        try (RandomAccessFile request =
                        new RandomAccessFile(directory.resolve("request").toFile(), "rw");
                RandomAccessFile answer =
                        new RandomAccessFile(directory.resolve("answer").toFile(), "rw")) {
            request.writeBytes("late reboot me\n");
            while (!status().path("state").asString().equals("shutting_down")) {
                Thread.sleep(20);
            }
            terminate();
            for (String signal : List.of("HUP", "INT", "TERM")) {
                JavaProcess.send(process, signal);
            }
            String line = answer.readLine();
            while (!line.startsWith("me end ")) {
                line = answer.readLine();
            }
            assertThat(line).contains("24 of 24 down");
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
    }

    private Path executable(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Executes bin/enter without mounts, and with a stand-in that only writes in place of Java. */
    @Test
    void serviceStartsWithTheHangupIgnored() throws IOException, InterruptedException {
        executable("mount", "#!/bin/sh\n");
        executable("pivot_root", "#!/bin/sh\n");
        executable("unshare", "#!/bin/sh\nshift 3\nexec \"$@\"\n");
        Path java = Files.copy(
                Path.of("/usr/bin/yes"),
                Files.createDirectories(directory.resolve("usr/lib/quiesced/runtime/bin"))
                        .resolve("java"));
        Files.createDirectories(directory.resolve("run/quiesced/root/run/nvme"));
        Path enter =
                executable("enter", Script.of("packaging/bin/enter", directory).text());
        ProcessBuilder builder = new ProcessBuilder(enter.toString());
        builder.environment().merge("PATH", directory.toString(), (path, first) -> first + ":" + path);
        process = builder.start();
        while (!process.info().command().map(java.toString()::equals).orElse(false)) {
            assertThat(process.isAlive()).isTrue();
            Thread.onSpinWait();
        }

        assertThat(ignored(process.toHandle()) & SIGHUP).isEqualTo(SIGHUP);
    }
}
