// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The hook exits with status 0 and within its time limit, whatever happens to the daemon and to the one-shot command.
 */
class ShutdownHookScriptTest extends ShutdownHookTest {
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
    void hookRemovesAnExitrdThatTheDaemonWithdraws() throws IOException, InterruptedException {
        daemon("begin; rm " + directory + "/run/quiesced/exitrd; say $3 end; /bin/sleep " + AGES);
        exitrd("3");
        command("umount", "echo \"$@\" >" + directory + "/unmounted; rm $2/shutdown");

        assertThat(endsWell("reboot", touchCalled(), "50")).isTrue();
        assertThat(directory.resolve("unmounted")).content().isEqualTo("-l " + directory + "/run/initramfs\n");
        assertThat(directory.resolve("run/initramfs")).doesNotExist();
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
