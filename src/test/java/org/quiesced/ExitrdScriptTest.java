// SPDX-License-Identifier: Apache-2.0
package org.quiesced;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An exitrd becomes visible only when it is complete, and is made only if there is a root drive to shut down; otherwise
 * nothing changes.
 */
class ExitrdScriptTest extends ExitrdTest {
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

    /** Each shutdown executes it, also of a machine whose root is on another drive. */
    @Test
    void noProcessIsStartedWithoutARootDriveToShutDown() throws Exception {
        Files.delete(run.resolve("root-drives"));

        assertThat(exitrdWithoutPrograms("make")).isEqualTo("there is no root drive to shut down; no exitrd is made\n");
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

    @Test
    void exitrdOfACancelledShutdownIsReplaced() throws Exception {
        assertThat(exitrd("make")).contains("an exitrd is made");
        Files.createFile(exitrd.resolve("old"));

        assertThat(exitrd("make")).contains("an exitrd is made");

        assertThat(exitrd.resolve("old")).doesNotExist();
        assertThat(run.resolve("exitrd")).exists();
    }

    /** The first systemd-shutdown has already waited for its whole timeout. */
    @Test
    void secondSystemdShutdownHasAShortTimeout() throws Exception {
        assertThat(becomes("reboot", "--timeout=90000000us", "--log-level", "6"))
                .isEqualTo("reboot --timeout=2s --log-level 6");
        assertThat(becomes("poweroff", "--timeout", "90000000us")).isEqualTo("poweroff --timeout 2s");
        assertThat(becomes("kexec")).isEqualTo("kexec");
    }

    /** Other arrays are left to systemd-shutdown: the stop of one that is being resynchronized may take long. */
    @Test
    void arrayOfTheRootFileSystemIsStoppedWhenThatIsUnmounted() throws Exception {
        Path root = array("md0", "1.2");
        Path data = array("md1", "1.2");
        Path external = array("md2", "external:imsm");
        program("bin/umount", "exit 1");
        rootIsOn("/dev/md0p2");
        assertThat(becomes("reboot")).isEqualTo("reboot");
        assertThat(root).as("the root file system is busy").hasContent("clean");

        program("bin/umount", ":");
        for (String disk : List.of("/dev/md0p2", "/dev/md2", "/dev/nvme0n1p1", "/dev/mapper/root")) {
            rootIsOn(disk);
            assertThat(becomes("reboot")).isEqualTo("reboot");
        }

        assertThat(root).hasContent("clear");
        assertThat(data).hasContent("clean");
        assertThat(external).hasContent("clean");
    }

    private void rootIsOn(String disk) throws IOException {
        Files.writeString(directory.resolve("proc/mounts"), disk + " " + directory + "/oldroot ext4 rw 0 0\n");
    }

    /** Creates an array; returns the file of its state. */
    private Path array(String name, String metadata) throws IOException {
        Path md = Files.createDirectories(directory.resolve("sys/block/" + name + "/md"));
        Files.writeString(md.resolve("metadata_version"), metadata + "\n");
        return Files.writeString(md.resolve("array_state"), "clean\n");
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
        for (Path pipe : List.of(directory.resolve("unmounted"), run.resolve("request"))) {
            if (!Files.exists(pipe)) {
                Programs.run(new ProcessBuilder("mkfifo", pipe.toString()));
            }
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        return Programs.output(builder).strip();
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
