// SPDX-License-Identifier: Apache-2.0
package org.quiesced.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.report.ControlError;

/** The command reports replies of the daemon that it does not understand. */
class DaemonRepliesTest {
    /** Time limit of the daemon, which would wait forever for a command that does not connect. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private Command status(String reply) throws IOException, InterruptedException {
        return run("status", reply);
    }

    /** Runs a verb with a daemon that replies with a text. */
    private Command run(String verb, String reply) throws IOException, InterruptedException {
        return run(Terminal.NONE, verb, reply);
    }

    private Command run(Terminal terminal, String verb, String reply) throws IOException, InterruptedException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve(ControlError.INTERFACE));
        Files.deleteIfExists(address.getPath());
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(address);
            Thread daemon = new Thread(() -> reply(socket, reply));
            daemon.start();
            Command command = Command.on(terminal, verb, "--runtime-directory=" + directory);
            daemon.join(LIMIT.toMillis());
            return command;
        }
    }

    private static void reply(ServerSocketChannel socket, String text) {
        try (SocketChannel connection = socket.accept()) {
            connection.read(ByteBuffer.allocate(4_096));
            connection.write(ByteBuffer.wrap((text + "\0").getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"parameters\":", "state", "{\"parameters\":{}}}", "{\"parameters\":{}} {}", ""})
    void malformedReplyIsReported(String reply) throws IOException, InterruptedException {
        Command command = status(reply);

        assertThat(command.code()).isEqualTo(1);
        assertThat(command.err())
                .startsWith("quiescectl: the reply of the daemon does not match this version of quiescectl; ")
                .hasLineCount(1);
    }

    @Test
    void replyOfAnOlderDaemonHasNoSummary() throws IOException, InterruptedException {
        Command command = status("{\"parameters\":{\"state\":\"ready\",\"pid\":7,\"version\":\"0.0.1\"}}");

        assertThat(command.code()).isZero();
        assertThat(command.out()).contains("   Plan: unknown: ", "Process: 7\n");
    }

    @Test
    void theStateHasAColourAndTheSummaryWrapsOnATerminal() throws IOException, InterruptedException {
        String fields = "\"summary\":\"24 drives in parallel, 1 left to the kernel\",\"pid\":7,\"version\":\"0.1.0\"";
        Command ready = run(Screen.of(40), "status", "{\"parameters\":{\"state\":\"ready\"," + fields + "}}");
        Command active = run(Screen.of(40), "status", "{\"parameters\":{\"state\":\"shutting_down\"," + fields + "}}");

        assertThat(ready.lines())
                .containsExactly(
                        "  State: \u001b[0;1;32mready\u001b[0m",
                        "   Plan: 24 drives in parallel, 1 left",
                        "         to the kernel",
                        "Process: 7",
                        "Version: 0.1.0");
        assertThat(active.lines()).contains("  State: \u001b[0;1;33mshutting_down\u001b[0m");
    }

    @Test
    void planOfAnOlderDaemonLacksTotals() throws IOException, InterruptedException {
        String plan = "\"verb\":\"reboot\",\"kernelWalk\":\"serial\",\"handover\":false,\"devices\":[],\"warnings\":[]";
        Command command = run("plan", "{\"parameters\":{" + plan + ",\"totals\":{\"expected\":0.0}}}");

        assertThat(command.code()).isEqualTo(1);
        assertThat(command.err()).contains("does not match this version of quiescectl");
    }
}
