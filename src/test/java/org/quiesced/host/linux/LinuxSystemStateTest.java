// SPDX-License-Identifier: Apache-2.0
package org.quiesced.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.host.SystemState;

/** State of the machine and its processes, read from procfs and systemd. */
class LinuxSystemStateTest {
    @TempDir
    private Path root;

    private SystemState systemState;

    @BeforeEach
    void bootAServer() throws IOException {
        write("proc/1/comm", "systemd\n");
        write("proc/1/environ", "HOME=/\0TERM=linux\0");
        systemState = new LinuxSystemState(root);
    }

    private void write(String path, String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
    }

    private void process(String pid, String state, long start) throws IOException {
        write("proc/" + pid + "/stat", pid + " (a) b) (c) " + state + " 1" + " 0".repeat(17) + " " + start + " 0 0\n");
    }

    @ParameterizedTest
    @CsvSource({"systemd,false", "init,false", "systemd-shutdow,true", "shutdown,true", "shutdown2,false"})
    void shutdownIsAtItsEndWhenSystemdShutdownIsTheFirstProcess(String name, boolean end) throws IOException {
        write("proc/1/comm", name + "\n");
        assertThat(systemState.isFinalPhase()).isEqualTo(end);
    }

    private Optional<Duration> killTimeout(String... commandLine) throws IOException {
        write("proc/1/cmdline", String.join("\0", commandLine) + "\0");
        return systemState.killTimeout();
    }

    @Test
    void killTimeoutIsUnknownBeforeSystemdShutdownHasTakenOver() throws IOException {
        assertThat(killTimeout("systemd-shutdown", "reboot", "--timeout=10000000us"))
                .isEmpty();
    }

    /** Older versions pass the timeout as a separate argument; the highest number means none. */
    @ParameterizedTest
    @CsvSource({
        "/usr/lib/systemd/systemd-shutdown reboot --log-level=6 --timeout=10000000us, PT10S",
        "systemd-shutdown reboot --timeout 90000000us --log-level 6, PT90S",
        "systemd-shutdown reboot --timeout=18446744073709551615us --log-level=6, P1D",
        "systemd-shutdown reboot --timeout=soon,",
        "systemd-shutdown reboot,"
    })
    void killTimeoutIsReadFromTheCommandLineOfSystemdShutdown(String commandLine, Duration timeout) throws IOException {
        write("proc/1/comm", "systemd-shutdow\n");

        assertThat(killTimeout(commandLine.split(" "))).isEqualTo(Optional.ofNullable(timeout));
    }

    @Test
    void machineWithoutMarksIsNoContainer() {
        assertThat(systemState.isContainer()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run/systemd/container", "run/.containerenv", ".dockerenv"})
    void containerIsDetectedByAFile(String mark) throws IOException {
        write(mark, "");
        assertThat(systemState.isContainer()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"container=lxc\0", "HOME=/\0container=systemd-nspawn\0TERM=linux\0"})
    void containerIsDetectedByTheFirstProcess(String environment) throws IOException {
        write("proc/1/environ", environment);
        assertThat(systemState.isContainer()).isTrue();
    }

    @Test
    void processLastsUntilItIsGone() throws IOException {
        process("42", "S", 1000);
        SystemState.HostProcess life = systemState.process("42").orElseThrow();
        assertThat(life.isAlive()).isTrue();
        Files.delete(root.resolve("proc/42/stat"));
        assertThat(life.isAlive()).isFalse();
        assertThat(systemState.process("42")).isEmpty();
    }

    @Test
    void zombieHasEnded() throws IOException {
        process("42", "S", 1000);
        SystemState.HostProcess life = systemState.process("42").orElseThrow();
        process("42", "Z", 1000);
        assertThat(life.isAlive()).isFalse();
    }

    @Test
    void reusedProcessNumberIsNotTheSameProcess() throws IOException {
        process("42", "S", 1000);
        SystemState.HostProcess life = systemState.process("42").orElseThrow();
        process("42", "S", 1001);
        assertThat(life.isAlive()).isFalse();
    }

    @Test
    void ageOfAProcessIsTheTimeSinceItsStart() throws IOException {
        write("proc/uptime", "31.50 99.00\n");
        process("42", "S", 1000);
        assertThat(systemState.process("42").orElseThrow().age()).isEqualTo(Duration.ofMillis(21_500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.99 0.00\n", "junk\n", ""})
    void unknownAgeIsZero(String uptime) throws IOException {
        write("proc/uptime", uptime);
        process("42", "S", 1000);
        assertThat(systemState.process("42").orElseThrow().age()).isZero();
    }

    @Test
    void ageIsReadFromTheRealProcfs() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sleep", "60").start();
        SystemState.HostProcess life =
                new LinuxSystemState().process(Long.toString(process.pid())).orElseThrow();
        Thread.sleep(300);
        assertThat(life.age()).isBetween(Duration.ofMillis(250), Duration.ofSeconds(30));
        process.destroy();
    }

    @Test
    void processIsReadFromTheRealProcfs() {
        String self = Long.toString(ProcessHandle.current().pid());
        assertThat(new LinuxSystemState().process(self).orElseThrow().isAlive()).isTrue();
        assertThat(new LinuxSystemState().isFinalPhase()).isFalse();
    }
}
