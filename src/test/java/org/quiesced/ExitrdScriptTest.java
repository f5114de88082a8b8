// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An exitrd becomes visible only when it is complete, and is made only if there is a root drive to shut down; otherwise
 * nothing changes.
 */
class ExitrdScriptTest {
    /** Refuses to work like systemd-shutdown, which must be the first process. */
    private static final String REFUSES = "echo 'Not executed by init (PID 1). Refusing to operate.' >&2; exit 1";

    private static final String HOOK =
            "echo 'quiesced: the system is not at the end of a shutdown; nothing is done' >&2";

    @TempDir
    private Path directory;

    private Path bin;
    private Path run;
    private Path exitrd;
    private Process daemon;

    @BeforeEach
    void aMachineThatRestarts() throws IOException {
        bin = Files.createDirectories(directory.resolve("bin"));
        run = Files.createDirectories(directory.resolve("run/quiesced"));
        exitrd = directory.resolve("run/initramfs");
        daemon = new ProcessBuilder("sleep", "1000").start();
        Files.writeString(run.resolve("pid"), daemon.pid() + " 3\n");
        Files.writeString(run.resolve("root-drives"), "0000:01:00.0\n");
        for (String file : new String[] {"dev/kmsg", "proc/mounts"}) {
            Files.createDirectories(directory.resolve(file).getParent());
            Files.createFile(directory.resolve(file));
        }
        program("bin/early", "echo reboot");
        program("bin/mount", "echo \"quiesced-exitrd " + exitrd + " tmpfs rw\" >>" + directory.resolve("proc/mounts"));
        program(
                "bin/umount",
                "[ $1 != --version ] || exit 0; rm -rf " + exitrd + "; : >" + directory.resolve("proc/mounts"));
        // Changing the root requires root: here, that of a user namespace.
        program("bin/chroot", "PATH=${PATH#*:}; exec unshare --map-root-user chroot \"$@\"");
        Files.copy(Path.of("packaging/bin/exitrd-dracut"), bin.resolve("exitrd-dracut"));
        Files.copy(Path.of("packaging/bin/exitrd-shutdown"), bin.resolve("exitrd-shutdown"));
        program("usr/lib/systemd/systemd-shutdown", REFUSES);
        program("usr/lib/systemd/system-shutdown/quiesced", HOOK);
    }

    @AfterEach
    void endIt() {
        daemon.destroyForcibly();
    }

    private void program(String path, String text) throws IOException {
        Programs.write(directory.resolve(path), text);
    }

    /** Runs the script; returns its standard output. */
    private String exitrd(String verb) throws IOException, InterruptedException {
        String script = Script.of("packaging/bin/exitrd", directory).text();
        Path file = bin.resolve("exitrd");
        Files.writeString(file, script);
        ProcessBuilder builder = new ProcessBuilder("sh", file.toString(), verb);
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        return Programs.output(builder);
    }

    private void assertThatThereIsNone() {
        assertThat(exitrd).doesNotExist();
        assertThat(run.resolve("exitrd")).doesNotExist();
    }

    @Test
    void exitrdIsMadeVisibleWhenComplete() throws Exception {
        assertThat(exitrd("make")).contains("an exitrd is made, for the root drives: 0000:01:00.0");

        assertThat(exitrd.resolve("shutdown")).isExecutable();
        assertThat(exitrd.resolve("etc/initrd-release")).exists();
        assertThat(exitrd.resolve("usr/bin/sh")).isExecutable();
        assertThat(exitrd.resolve("oldroot")).isDirectory();
        assertThat(exitrd.resolve("." + directory.resolve("usr/lib/systemd/system-shutdown/quiesced")))
                .isExecutable();
        assertThat(run.resolve("exitrd")).exists();
        assertThat(directory.resolve("dev/kmsg")).content().startsWith("<6>quiesced: an exitrd is made");
    }

    @Test
    void exitrdIsNotMadeOnARunningSystem() throws Exception {
        program("bin/early", ":");

        assertThat(exitrd("make")).contains("nothing is done");
        assertThatThereIsNone();
    }

    @Test
    void exitrdIsNotMadeWithoutARootDriveToShutDown() throws Exception {
        Files.delete(run.resolve("root-drives"));

        assertThat(exitrd("make")).contains("no exitrd is made");
        assertThatThereIsNone();
    }

    @Test
    void exitrdIsNotMadeWithoutADaemon() throws Exception {
        daemon.destroyForcibly().waitFor();

        assertThat(exitrd("make")).contains("no exitrd is made");
        assertThatThereIsNone();
    }

    @Test
    void missingLibraryPreventsTheExitrdAndIsReported() throws Exception {
        program("bin/ldd", "PATH=${PATH#*:}; ldd \"$@\" | grep -v libc.so");

        assertThat(exitrd("make")).contains("left to the kernel, no exitrd: it is not complete");
        assertThatThereIsNone();
        assertThat(directory.resolve("dev/kmsg"))
                .content()
                .startsWith("<4>quiesced: the root drives are left to the kernel");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 127", "exit 0", "echo 'error while loading shared libraries' >&2; exit 127"})
    void systemdShutdownThatDoesNotStartPreventsTheExitrd(String text) throws Exception {
        program("usr/lib/systemd/systemd-shutdown", text);

        assertThat(exitrd("make")).contains("it is not complete");
        assertThatThereIsNone();
    }

    @Test
    void systemdShutdownThatRefusesAndHangsIsAccepted() throws Exception {
        program("usr/lib/systemd/systemd-shutdown", "echo 'Not executed by init (PID 1).' >&2; sleep 1000");

        assertThat(exitrd("make")).contains("an exitrd is made");
        assertThat(exitrd.resolve("shutdown")).isExecutable();
    }

    @Test
    void hookThatDoesNotStartPreventsTheExitrd() throws Exception {
        program("usr/lib/systemd/system-shutdown/quiesced", "exit 1");

        assertThat(exitrd("make")).contains("it is not complete");
        assertThatThereIsNone();
    }

    @Test
    void lackOfSpacePreventsTheExitrd() throws Exception {
        program("bin/cp", "echo 'cp: No space left on device' >&2; exit 1");

        assertThat(exitrd("make")).contains("it cannot be filled: cp: No space left on device");
        assertThatThereIsNone();
    }

    @Test
    void failedMountPreventsTheExitrd() throws Exception {
        program("bin/mount", "exit 32");

        assertThat(exitrd("make")).contains("cannot be mounted");
        assertThat(run.resolve("exitrd")).doesNotExist();
        assertThat(exitrd.resolve("shutdown")).doesNotExist();
    }

    @Test
    void exitrdForKexecContainsKexecOrIsNotMade() throws Exception {
        program("bin/early", "echo kexec");
        program("bin/kexec", "exit 0");

        assertThat(exitrd("make")).contains("an exitrd is made");
        assertThat(exitrd.resolve("usr/sbin/kexec")).isExecutable();
    }

    /** Makes an exitrd like that of another program: with a different shutdown program, and without the hook. */
    private void somebodyElseHasMadeOne(String shutdown) throws Exception {
        exitrd("make");
        Files.delete(run.resolve("exitrd"));
        Files.delete(exitrd.resolve("." + directory.resolve("usr/lib/systemd/system-shutdown/quiesced")));
        program("run/initramfs/shutdown", shutdown);
        Files.writeString(directory.resolve("proc/mounts"), "");
    }

    @Test
    void exitrdOfACancelledShutdownIsReplaced() throws Exception {
        assertThat(exitrd("make")).contains("an exitrd is made");
        Files.createFile(exitrd.resolve("old"));

        assertThat(exitrd("make")).contains("an exitrd is made");

        assertThat(exitrd.resolve("old")).doesNotExist();
        assertThat(run.resolve("exitrd")).exists();
    }

    @Test
    void foreignExitrdWithoutHooksIsLeftUnchanged() throws Exception {
        somebodyElseHasMadeOne("exit 0");

        assertThat(exitrd("make")).contains("left to the kernel: the exitrd that is there has no place for the hook");
        assertThat(run.resolve("exitrd")).doesNotExist();
    }

    @Test
    void hookIsAddedToAnExitrdThatExecutesHooksOfSystemd() throws Exception {
        somebodyElseHasMadeOne(": /usr/lib/systemd/system-shutdown");

        assertThat(exitrd("make")).contains("the hook is in the exitrd that is there");
        assertThat(run.resolve("exitrd")).exists();
        assertThat(exitrd.resolve("usr/lib/systemd/system-shutdown/quiesced")).isExecutable();
    }

    @Test
    void hookIsAddedToAnExitrdOfDracut() throws Exception {
        somebodyElseHasMadeOne("exit 0");
        Path hooks = Files.createDirectories(exitrd.resolve("usr/lib/dracut/hooks/shutdown"));

        assertThat(exitrd("make")).contains("the hook is in the exitrd that is there");
        assertThat(run.resolve("exitrd")).exists();
        assertThat(hooks.resolve("99-quiesced.sh")).exists();
        assertThat(exitrd.resolve("usr/lib/quiesced/hook")).isExecutable();
    }

    @Test
    void drivesAreLeftToTheKernelWhenTheHookDoesNotStartInAForeignExitrd() throws Exception {
        somebodyElseHasMadeOne(": /usr/lib/systemd/system-shutdown");
        Files.delete(exitrd.resolve("usr/bin/sh"));

        assertThat(exitrd("make")).contains("left to the kernel: the hook cannot be executed");
        assertThat(run.resolve("exitrd")).doesNotExist();
    }

    /**
     * Sources the hook for dracut as dracut does; returns how often the shutdown hook was executed.
     *
     * @param others names of the other hooks that are left
     * @param last what dracut passes at its last attempt; empty before that
     */
    private long dracut(String others, String last) throws IOException, InterruptedException {
        String script = Script.of("packaging/bin/exitrd-dracut", directory).text();
        program("usr/lib/quiesced/hook", "echo \"executed $1\"");
        Path file = directory.resolve("99-quiesced.sh");
        Files.writeString(file, script);
        Path hooks = Files.createDirectories(directory.resolve("var/lib/dracut/hooks/shutdown"));
        Files.createFile(hooks.resolve("99-quiesced.sh"));
        for (String other : others.split(" ")) {
            Files.createFile(hooks.resolve(other + ".sh"));
        }
        // Depending on its release, dracut sets a variable or passes an argument.
        long byVariable = sourced("final=\"$1\" . " + file, last);
        long byArgument = sourced("check() { . " + file + " \"$1\"; }; check \"$1\"", last);
        assertThat(byArgument).isEqualTo(byVariable);
        return byVariable;
    }

    private static long sourced(String command, String last) throws IOException, InterruptedException {
        return Programs.output(new ProcessBuilder("sh", "-c", "ACTION=reboot; " + command + "; :", "sh", last))
                .lines()
                .filter("executed reboot"::equals)
                .count();
    }

    @Test
    void hookIsLastInAnExitrdOfDracut() throws Exception {
        assertThat(dracut("30-dm", "")).isZero();
    }

    @Test
    void hookIsExecutedInAnExitrdOfDracutAfterFailures() throws Exception {
        assertThat(dracut("30-dm", "final")).isEqualTo(1);
    }

    /** The first systemd-shutdown has already waited for its whole timeout. */
    @Test
    void secondSystemdShutdownHasAShortTimeout() throws Exception {
        assertThat(becomes("reboot", "--timeout=90000000us", "--log-level", "6"))
                .isEqualTo("reboot --timeout=2s --log-level 6");
        assertThat(becomes("poweroff", "--timeout", "90000000us")).isEqualTo("poweroff --timeout 2s");
        assertThat(becomes("kexec")).isEqualTo("kexec");
    }

    /** Executes /shutdown as the first process of a namespace; returns the arguments of systemd-shutdown. */
    private String becomes(String... arguments) throws IOException, InterruptedException {
        program("systemd-shutdown", "echo \"$*\"");
        Path file = directory.resolve("exitrd-shutdown");
        Files.writeString(
                file, Script.of("packaging/bin/exitrd-shutdown", directory).text());
        List<String> command = new ArrayList<>(List.of("unshare", "--map-root-user", "--pid", "--fork", "sh"));
        command.add(file.toString());
        command.addAll(List.of(arguments));
        return Programs.output(new ProcessBuilder(command)).strip();
    }

    @Test
    void exitrdIsRemovedAfterACancelledShutdown() throws Exception {
        exitrd("make");
        exitrd("clear");

        assertThatThereIsNone();
    }

    @Test
    void outlookForTheDaemonNamesAMissingFile() throws Exception {
        exitrd("outlook");
        assertThat(run.resolve("exitrd-outlook")).hasContent("yes");

        Files.delete(directory.resolve("usr/lib/systemd/system-shutdown/quiesced"));
        exitrd("outlook");
        assertThat(run.resolve("exitrd-outlook"))
                .content()
                .startsWith("no missing: ")
                .contains("system-shutdown/quiesced");
    }
}
