// SPDX-License-Identifier: Apache-2.0
package org.quiesced.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.host.LocalListener.Connection;
import org.quiesced.host.linux.LocalSocket;

/** The heap of the service suffices for simultaneous calls on the largest machines. */
class ControlServerMemoryTest {
    private static final int DEVICES = 60_000;
    private static final int CLIENTS = 15;
    private static final int ROUNDS = 1;

    @TempDir
    private Path directory;

    /** Returns the Java options of the service, except those for its archive of classes and for JNA. */
    private static Stream<String> serviceOptions() throws IOException {
        return Files.readAllLines(Path.of("packaging/quiesced.options")).stream()
                .filter(line -> line.startsWith("-"))
                .filter(line -> !line.contains("Archive") && !line.startsWith("-Xshare") && !line.startsWith("-Djna"));
    }

    private Process start(Path socket) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        serviceOptions().forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LargeMachine.class.getName()));
        command.addAll(List.of(Integer.toString(DEVICES), socket.toString()));
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("errors").toFile())
                .start();
    }

    private static Connection connect(Path socket) throws IOException {
        Connection connection = LocalSocket.connect(socket);
        connection.limitWaiting(Duration.ofMinutes(2));
        return connection;
    }

    /** Calls each method, and returns the number of bytes received. */
    private static long askForEverything(Path socket) throws IOException {
        long bytes = 0;
        byte[] buffer = new byte[65_536];
        try (Connection connection = connect(socket)) {
            for (int i = 0; i < ROUNDS; i++) {
                for (String method : List.of("Plan", "Tree", "Status")) {
                    connection.write(("{\"method\":\"org.quiesced.Control." + method + "\"}\0")
                            .getBytes(StandardCharsets.UTF_8));
                    int length;
                    do {
                        length = connection.read(buffer);
                        assertThat(length).as("bytes of an answer to " + method).isPositive();
                        bytes += length;
                    } while (buffer[length - 1] != 0);
                }
            }
        }
        return bytes;
    }

    @Test
    void heapSufficesForManyClientsOnALargeMachine() throws Exception {
        Path socket = directory.resolve("socket");
        Process daemon = start(socket);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (BufferedReader said = daemon.inputReader()) {
            String ready = said.readLine();
            assertThat(ready).as(() -> "errors: " + errors()).startsWith("ready ");

            // A client that does not read delays others no longer than the time limit of an answer.
            Connection silent = connect(socket);
            silent.write("{\"method\":\"org.quiesced.Control.Tree\"}\0".getBytes(StandardCharsets.UTF_8));
            List<Future<Long>> asked = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                asked.add(clients.submit(() -> askForEverything(socket)));
            }
            for (Future<Long> one : asked) {
                assertThat(one.get(3, TimeUnit.MINUTES)).isGreaterThan(ROUNDS * DEVICES * 50L);
            }
            silent.close();
            daemon.outputWriter().close();
            System.out.println(
                    DEVICES + " devices, " + CLIENTS + " clients: heap " + ready + " kB, " + said.readLine() + " kB");
            assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(errors()).doesNotContain("OutOfMemory");
        } finally {
            clients.shutdownNow();
            daemon.destroyForcibly();
        }
    }

    private String errors() {
        try {
            return Files.readString(directory.resolve("errors"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
