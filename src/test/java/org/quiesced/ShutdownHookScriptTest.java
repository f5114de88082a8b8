// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The hook exits with status 0 and within its time limit, whatever happens to the daemon and to the one-shot command.
 */
class ShutdownHookScriptTest {
    private static final long AGES = 60;

    /**
     * Time limit for the daemon's answer, in seconds. Within the hook's own limit of 1 s, the daemon may not answer on
     * a busy machine.
     */
    private static final String ANSWER = "4";

    @TempDir
    private Path directory;

    private List<String> shell = List.of("sh");
    private List<String> user = List.of();
    private int silence = 3;
    private ProcessHandle hook;
    private Process daemon;
    private String error;

    /**
     * Runs the hook as installed, except for the command (if not empty), the time limits and the log; returns whether
     * it ends with status 0 in time.
     */
    private boolean endsWell(String verb, String command, String limit) throws IOException, InterruptedException {
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
    private void daemon(String script) throws IOException, InterruptedException {
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
    private void command(String name, String script) throws IOException {
        Programs.write(directory.resolve("bin").resolve(name), script);
    }

    private boolean wasCalled() {
        return Files.exists(directory.resolve("called"));
    }

    private String touchCalled() {
        return "touch " + directory + "/called; echo done";
    }

    private String kmsg() throws IOException {
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

    @Test
    void hookAsksTheDaemonAndNotTheCommand() throws IOException, InterruptedException {
        daemon("begin; say $3 progress 0 of 2 down; say $3 end 2 of 2 down; sleep " + AGES);

        assertThat(endsWell("kexec", touchCalled(), "50")).isTrue();
        assertThat(directory.resolve("asked")).content().matches("late kexec \\d+\\n");
        assertThat(wasCalled()).isFalse();
    }

    @Test
    void hookAsksTheDaemonWithoutAKnownDrive() throws IOException, InterruptedException {
        Files.delete(directory.resolve("sys/bus/pci/drivers/nvme/0000:01:00.0"));
        daemon("begin; say $3 end; sleep " + AGES);

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(directory.resolve("asked")).exists();
    }

    @Test
    void hookIgnoresAnswersToAnotherHook() throws IOException, InterruptedException {
        daemon("begin; say 1 end; sleep 1; touch " + directory + "/late; say $3 progress; say $3 end; sleep " + AGES);

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(directory.resolve("late")).exists();
        assertThat(wasCalled()).isFalse();
    }

    @Test
    void hookReturnsAtHandover() throws IOException, InterruptedException {
        daemon("begin; say $3 handover 0 of 2 down; sleep " + AGES);

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(wasCalled()).isFalse();
    }

    private void exitrd(String version) throws IOException {
        Files.writeString(directory.resolve("run/quiesced/pid"), daemon.pid() + " " + version + "\n");
        Files.createFile(directory.resolve("run/quiesced/exitrd"));
        Path shutdown =
                Files.createDirectories(directory.resolve("run/initramfs")).resolve("shutdown");
        Files.createFile(shutdown);
        assertThat(shutdown.toFile().setExecutable(true)).isTrue();
        command("sleep", "touch " + directory + "/process; exec /bin/sleep \"$@\"");
    }

    @Test
    void hookBeforeAnExitrdReturnsAtHandoverWithoutStartingAProcess() throws IOException, InterruptedException {
        daemon("say $3 handover 0 of 2 down; begin; /bin/sleep " + AGES);
        exitrd("3");

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(directory.resolve("asked")).content().matches("late reboot \\d+ exitrd\\n");
        assertThat(directory.resolve("process")).doesNotExist();
        assertThat(wasCalled()).isFalse();
    }

    @Test
    void hookBeforeAnExitrdWaitsForTheHandover() throws IOException, InterruptedException {
        daemon("begin; say $3 progress; /bin/sleep 1; touch " + directory + "/late; say $3 handover; /bin/sleep "
                + AGES);
        exitrd("3");

        assertThat(endsWell("poweroff", touchCalled(), "50")).isTrue();
        assertThat(directory.resolve("late")).exists();
        assertThat(wasCalled()).isFalse();
    }

    @Test
    void commandReplacesADeadDaemonBeforeAnExitrd() throws IOException, InterruptedException {
        daemon("/bin/sleep " + AGES);
        exitrd("3");

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(wasCalled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "etc/initrd-release", "run/initramfs/shutdown", "run/quiesced/exitrd"})
    void hookWithoutAnExitrdWaitsForTheEnd(String what) throws IOException, InterruptedException {
        daemon("begin; say $3 end; /bin/sleep " + AGES);
        exitrd(what.equals("2") ? "2" : "3");
        if (what.equals("etc/initrd-release")) {
            Files.createFile(directory.resolve(what));
        } else if (!what.equals("2")) {
            Files.delete(directory.resolve(what));
        }

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(directory.resolve("asked")).content().matches("late reboot \\d+\\n");
    }

    @Test
    void commandTakesOverWhenTheDaemonDoesNotAnswer() throws IOException, InterruptedException {
        daemon("sleep " + AGES);

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(wasCalled()).isTrue();
        assertThat(kmsg()).contains("the daemon does not answer");
    }

    @Test
    void hookReadsAnswersOfADaemonThatIgnoresTheBeginFile() throws IOException, InterruptedException {
        daemon("ls " + directory + "/run/quiesced >" + directory
                + "/files; sleep 1.5; say $3 progress; say $3 end; sleep "
                + AGES);
        Files.writeString(directory.resolve("run/quiesced/pid"), daemon.pid() + "\n");

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(directory.resolve("files")).content().isEqualTo("answer\npid\nrequest\n");
        assertThat(wasCalled()).isFalse();
    }

    @Test
    void commandTakesOverWhenTheDaemonStopsAnswering() throws IOException, InterruptedException {
        daemon("begin; say $3 progress 0 of 2 down; sleep " + AGES);

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(wasCalled()).isTrue();
    }

    @Test
    void commandTakesOverAtOnceWhenTheDaemonIsDead() throws IOException, InterruptedException {
        daemon("");
        daemon.destroyForcibly().waitFor();

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(wasCalled()).isTrue();
        assertThat(kmsg()).isEmpty();
    }

    @ParameterizedTest(name = "that does: {0}")
    @ValueSource(strings = {"", "begin;", "begin; say $3 progress 0 of 2 down;"})
    void commandRunsBesideASilentDaemon(String before) throws IOException, InterruptedException {
        daemon(before + "kill -STOP $$");

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(wasCalled()).isTrue();
        assertThat(daemon.isAlive()).isTrue();
    }

    /** Selects the shell of the hook: one that is /bin/sh on a system for which packages are built. */
    private void shell(String name) {
        shell = List.of(name.split(" "));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "dash,exit 126",
        "dash,exec tail -f /dev/null",
        "dash,[ $1 = 0 ]",
        "bash --posix,exit 126",
        "bash --posix,exec tail -f /dev/null",
        "bash --posix,[ $1 = 0 ]"
    })
    void silentDaemonIsDetectedWithoutSleep(String name, String sleep) throws IOException, InterruptedException {
        shell(name);
        daemon("begin; say $3 progress 0 of 2 down; kill -STOP $$");
        command("sleep", sleep);
        silence = 1;

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(wasCalled()).isTrue();
        assertThat(kmsg()).contains("the daemon does not answer");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "dash,exit 126",
        "dash,exec tail -f /dev/null",
        "bash --posix,exit 126",
        "bash --posix,exec tail -f /dev/null"
    })
    void hookReturnsAtItsLimitWithoutSleep(String name, String sleep) throws IOException, InterruptedException {
        shell(name);
        command("sleep", sleep);

        assertThat(endsWell("reboot", "exec /bin/sleep " + AGES, "2")).isTrue();
        assertThat(kmsg()).contains("quiesced: not done after 2 s");
    }

    /**
     * Lets each fork(2) of the hook fail, by a limit that does not apply to root. The daemon has the same user as the
     * hook, which sends it a signal.
     */
    private void withoutForks() throws IOException {
        if (Files.getOwner(directory).getName().equals("root")) {
            user = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
            Path run = Files.createDirectories(directory.resolve("run/quiesced"));
            Files.writeString(directory.resolve("dev/kmsg"), "");
            for (Path path : List.of(directory, run, directory.resolve("dev/kmsg"))) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
            }
        }
        shell = new ArrayList<>(user);
        shell.addAll(List.of("prlimit", "--nproc=1", "sh"));
    }

    @Test
    void hookWithoutForksWaitsForTheEndOfTheDaemon() throws IOException, InterruptedException {
        withoutForks();
        daemon("begin; sleep 5; say $3 progress 0 of 2 down; sleep 2; touch " + directory + "/over; say $3 end; sleep "
                + AGES);

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(directory.resolve("over")).exists();
        assertThat(kmsg()).isEmpty();
    }

    @Test
    void hookWithoutForksWaitsForALivingDaemonUntilItsLimit() throws IOException, InterruptedException {
        withoutForks();
        daemon("begin; sleep " + AGES);

        assertThat(endsWell("reboot", touchCalled(), "5")).isTrue();
        assertThat(kmsg()).contains("quiesced: not done after 5 s");
    }

    @Test
    void hookWithoutForksDoesNotWaitForADeadDaemon() throws IOException, InterruptedException {
        withoutForks();
        daemon("begin");

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(kmsg()).isEmpty();
    }

    @Test
    void hookWithoutForksAndDaemonSucceeds() throws IOException, InterruptedException {
        withoutForks();

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(wasCalled()).isFalse();
    }

    @Test
    void hookHearsAStarvedDaemonAgain() throws IOException, InterruptedException {
        daemon("begin; say $3 progress; sleep 2.5; say $3 progress; sleep 2.5; say $3 end; sleep " + AGES);

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(wasCalled()).isFalse();
    }

    @Test
    void hookStartsNoProcessBeforeTheFirstDriveIsInFlight() throws IOException, InterruptedException {
        daemon("sleep 0.5; cat /proc/$3/task/$3/children >" + directory + "/children; begin; sleep 0.5; "
                + "cat /proc/$3/task/$3/children >" + directory + "/later; say $3 end; sleep " + AGES);

        Files.writeString(directory.resolve("run/quiesced/fwupd"), "no\n");
        Files.createDirectories(directory.resolve("var/lib/fwupd"));
        Files.copy(Path.of("src/test/resources/fwupd/nvme.db"), directory.resolve("var/lib/fwupd/pending.db"));
        command("grep", "touch " + directory + "/read; exec /bin/grep \"$@\"");

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(directory.resolve("read"))
                .as("nor is fwupd's history read, which is on the disk")
                .doesNotExist();
        assertThat(directory.resolve("children")).content().isEmpty();
        assertThat(directory.resolve("later"))
                .as("as a check of the check")
                .content()
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"systemd", "init", "bash"})
    void hookDoesNothingOnARunningSystem(String first) throws IOException, InterruptedException {
        Files.writeString(directory.resolve("proc/1/comm"), first + "\n");
        daemon("begin; say $3 end; sleep " + AGES);

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(error).isEqualTo("quiesced: the system is not at the end of a shutdown; nothing is done\n");
        assertThat(directory.resolve("asked")).doesNotExist();
        assertThat(wasCalled()).isFalse();
    }

    @Test
    void hookAsksTheDaemonInTheExitrd() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("proc/1/comm"), "shutdown\n");
        daemon("begin; say $3 end; sleep " + AGES);

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(directory.resolve("asked")).exists();
    }

    @Test
    void hookDoesNothingInAContainer() throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve("run/systemd"));
        Files.writeString(directory.resolve("run/systemd/container"), "lxc");
        daemon("begin; say $3 end; sleep " + AGES);

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(error).isEqualTo("quiesced: this is a container; nothing is done\n");
        assertThat(directory.resolve("asked")).doesNotExist();
    }

    /**
     * The first column is the result that bin/early has recorded at the beginning of the shutdown. If it is empty, the
     * hook searches itself.
     */
    @ParameterizedTest
    @CsvSource({
        "'',ata,true",
        "'',nvme,true",
        "'',dbx,false",
        "'',empty,false",
        "'',,false",
        "yes,,true",
        "yes,empty,true",
        "no,nvme,false",
        "no,,false"
    })
    void hookWaitsForFwupdOnlyWhenFirmwareOfADriveMayBeStaged(String known, String history, boolean first)
            throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve("var/lib/fwupd"));
        if (history != null) {
            Files.copy(
                    Path.of("src/test/resources/fwupd", history + ".db"),
                    directory.resolve("var/lib/fwupd/pending.db"));
        }
        Path tool = Files.copy(Path.of("/bin/sleep"), directory.resolve("fwupdtool"));
        Process fwupd = new ProcessBuilder(tool.toString(), "2").start();
        daemon("[ -d /proc/" + fwupd.pid() + " ] && touch " + directory + "/before; begin; say $3 end; sleep " + AGES);
        Files.writeString(directory.resolve("run/quiesced/fwupd"), known + "\n");

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(directory.resolve("asked")).exists();
        assertThat(Files.exists(directory.resolve("before"))).isEqualTo(!first);
        fwupd.destroy();
    }

    @Test
    void hookReturnsAtItsLimitWhenTheDaemonNeverEnds() throws IOException, InterruptedException {
        daemon("begin; while :; do say $3 progress 0 of 2 down; sleep 0.3; done");

        assertThat(endsWell("reboot", touchCalled(), "2")).isTrue();
        assertThat(kmsg()).contains("quiesced: not done after 2 s");
        assertThat(wasCalled()).isFalse();
    }

    @Test
    void hookPassesVerbAndTimeToTheCommand() throws IOException, InterruptedException {
        assertThat(endsWell("poweroff", "echo \"$@\" >" + directory + "/called; echo done", "50"))
                .isTrue();
        assertThat(directory.resolve("called")).content().matches("shutdown-hook poweroff \\d+\\.\\d+ \\d+\\n");
    }

    @Test
    void hookReturnsWhenTheCommandReportsDoneAndLivesOn() throws IOException, InterruptedException {
        assertThat(endsWell("reboot", "echo done; exec sleep " + AGES, "50")).isTrue();
        assertThat(kmsg()).isEmpty();
    }

    @Test
    void hookReturnsAtItsLimitWhenTheCommandHangs() throws IOException, InterruptedException {
        assertThat(endsWell("reboot", "exec sleep " + AGES, "1")).isTrue();
        assertThat(kmsg()).contains("quiesced: not done after 1 s");
    }

    @Test
    void hookReturnsAtOnceWhenTheCommandDies() throws IOException, InterruptedException {
        assertThat(endsWell("reboot", "kill -9 $$", "50")).isTrue();
        assertThat(kmsg()).doesNotContain("not done");
    }

    @Test
    void errorsOfTheCommandReachTheKernelLog() throws IOException, InterruptedException {
        assertThat(endsWell("reboot", "echo no java >&2; exit 1", "50")).isTrue();
        assertThat(kmsg()).contains("no java");
    }

    @Test
    void hookSucceedsWithoutACommand() throws IOException, InterruptedException {
        assertThat(endsWell("reboot", "", "50")).isTrue();
    }

    @Test
    void dueStopOfADiskStartsTheCommand() throws IOException, InterruptedException {
        Files.delete(directory.resolve("sys/bus/pci/drivers/nvme/0000:01:00.0"));
        Files.createDirectories(directory.resolve("run/quiesced/stops"));
        Files.writeString(directory.resolve("run/quiesced/stops/0:0:0:0"), "1 /devices/x/0:0:0:0 poweroff\n");

        assertThat(endsWell("poweroff", "touch " + directory + "/called", "50")).isTrue();
        assertThat(directory.resolve("called")).exists();
    }

    @Test
    void commandIsNotStartedWithoutDrives() throws IOException, InterruptedException {
        Files.delete(directory.resolve("sys/bus/pci/drivers/nvme/0000:01:00.0"));

        assertThat(endsWell("reboot", "touch " + directory + "/called", "50")).isTrue();
        assertThat(directory.resolve("called")).doesNotExist();
    }

    @Test
    void configuredMethodUnbindStartsTheCommand() throws IOException, InterruptedException {
        Files.delete(directory.resolve("sys/bus/pci/drivers/nvme/0000:01:00.0"));
        Files.createDirectories(directory.resolve("etc/quiesced/conf.d"));
        Files.writeString(directory.resolve("etc/quiesced/conf.d/x.toml"), "[driver.x]\nmethod = \"unbind\"\n");

        assertThat(endsWell("reboot", "touch " + directory + "/called; echo done", "50"))
                .isTrue();
        assertThat(directory.resolve("called")).exists();
    }

    @Test
    void hookIgnoresOtherVerbs() throws IOException, InterruptedException {
        assertThat(endsWell("exit", "touch " + directory + "/called", "50")).isTrue();
        assertThat(directory.resolve("called")).doesNotExist();
    }

    @Test
    void commandIsNotStartedWithARefusedConfiguration() throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve("run/quiesced"));
        Path config = directory.resolve("etc/quiesced/quiesced.toml");
        Files.createDirectories(config.getParent());
        Files.writeString(config, "invalid");
        Path refused = Files.writeString(directory.resolve("run/quiesced/refused"), "");
        FileTime later = FileTime.fromMillis(Files.getLastModifiedTime(refused).toMillis() + 2_000);
        Files.setLastModifiedTime(refused, later);

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(wasCalled()).isFalse();
        assertThat(kmsg()).contains("the configuration is invalid, the kernel takes over");

        // The configuration has been changed after it was refused.
        Files.setLastModifiedTime(config, FileTime.fromMillis(later.toMillis() + 2_000));
        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(wasCalled()).isTrue();
    }

    @Test
    void processFileMayBeALinkToProcfs() throws IOException, InterruptedException {
        daemon("begin; say $3 progress 0 of 2 down; say $3 end 2 of 2 down; sleep " + AGES);
        Path file = directory.resolve("run/quiesced/pid");
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/proc", Long.toString(daemon.pid()), "stat"));

        assertThat(endsWell("kexec", touchCalled(), "50")).isTrue();
        assertThat(directory.resolve("asked")).exists();
        assertThat(wasCalled()).isFalse();
    }
}
