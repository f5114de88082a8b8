// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs the shutdown hook as it is installed, beside a shell script that stands for the daemon. */
abstract class ShutdownHookTest {
    static final long AGES = 60;

    /**
     * Time limit for the daemon's answer, in seconds. Within the hook's own limit of 1 s, the daemon may not answer on
     * a busy machine.
     */
    static final String ANSWER = "4";

    @TempDir
    Path directory;

    List<String> shell = List.of("sh");
    List<String> user = List.of();
    int silence = 3;
    ProcessHandle hook;
    Process daemon;
    String error;

    /**
     * Runs the hook as installed, except for the command (if not empty), the time limits and the log; returns whether
     * it ends with status 0 in time.
     */
    boolean endsWell(String verb, String command, String limit) throws IOException, InterruptedException {
        if (!command.isEmpty()) {
            Programs.write(directory.resolve("usr/lib/quiesced/bin/quiescectl"), command);
        }
        String script = Script.of("systemd/system-shutdown/quiesced", directory)
                .with("limit", limit)
                .with("answer", ANSWER)
                .with("silence", String.valueOf(silence))
                .text();
        Files.writeString(directory.resolve("dev/kmsg"), "");
        List<String> words = new ArrayList<>(shell);
        words.addAll(List.of("-c", script, "quiesced", verb));
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(directory.resolve("error").toFile());
        builder.environment().merge("PATH", directory.resolve("bin") + ":", (path, first) -> first + path);
        Process process = builder.start();
        hook = process.toHandle();
        boolean ended = process.waitFor(AGES / 2, TimeUnit.SECONDS);
        process.destroyForcibly();
        error = Files.readString(directory.resolve("error"));
        return ended && process.exitValue() == 0;
    }

    /**
     * Starts a shell script as the daemon. It finds the words of the request in $1 to $3, reports with "begin" that the
     * run has begun, and writes an answer with "say". As with the real daemon, the file pid is written once the process
     * holds both pipes: data written to a pipe that no process holds is lost.
     */
    void daemon(String script) throws IOException, InterruptedException {
        Path run = Files.createDirectories(directory.resolve("run/quiesced"));
        String request = run.resolve("request").toString();
        String answer = run.resolve("answer").toString();
        List<String> words = new ArrayList<>(user);
        words.addAll(List.of(
                "sh",
                "-c",
                "mkfifo " + request + " " + answer + "; exec 3<>" + request + " 4<>" + answer
                        + "; echo ready; say() { echo \"$*\" >&4; }; begin() { rm " + run
                        + "/waiting.$mark; }; read -r line <&3; set -- $line; mark=$3; "
                        + "echo \"$line\" >" + directory + "/asked; " + script));
        daemon = new ProcessBuilder(words).start();
        assertThat(daemon.inputReader().readLine()).isEqualTo("ready");
        Files.writeString(run.resolve("pid"), daemon.pid() + " 2\n");
    }

    /** Installs a command that precedes the system's command of that name in PATH. */
    void command(String name, String script) throws IOException {
        Programs.write(directory.resolve("bin").resolve(name), script);
    }

    boolean wasCalled() {
        return Files.exists(directory.resolve("called"));
    }

    String touchCalled() {
        return "touch " + directory + "/called; echo done";
    }

    String kmsg() throws IOException {
        return Files.readString(directory.resolve("dev/kmsg"));
    }

    @BeforeEach
    void plugInADriveAndLetTheEndCome() throws IOException {
        for (String place : List.of("dev", "etc", "proc/1", "usr/lib/quiesced/bin")) {
            Files.createDirectories(directory.resolve(place));
        }
        Files.writeString(directory.resolve("proc/1/comm"), "systemd-shutdow\n");
        Files.createDirectories(directory.resolve("sys/bus/pci/drivers/nvme/0000:01:00.0"));
    }

    @AfterEach
    void endWhatIsLeft() {
        hook.descendants().forEach(ProcessHandle::destroyForcibly);
        if (daemon != null) {
            daemon.descendants().forEach(ProcessHandle::destroyForcibly);
            daemon.destroyForcibly();
        }
    }

    /** Selects the shell of the hook: one that is /bin/sh on a system for which packages are built. */
    void shell(String name) {
        shell = List.of(name.split(" "));
    }
}
