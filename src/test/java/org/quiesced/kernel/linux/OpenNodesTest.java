// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quiesced.kernel.User;
import org.quiesced.linux.Tasks;

/** Openers of a device node are found by the node's number; {@code /dev/full} stands for a drive. */
class OpenNodesTest {
    private static final String DRIVE = "/dev/full";
    private static final Node NUMBER = new Node(false, 1, 7);
    private static final int SELF = 4;
    private static final int O_DIRECT = 040000;
    private static final int O_PATH = 010000000;
    private static final String UDEV = "0::/system.slice/systemd-udevd.service/udev";

    @TempDir
    private Path root;

    private FakeProc proc;

    @BeforeEach
    void makeProc() throws IOException {
        proc = new FakeProc(root.resolve("proc")).process(812, "postgres", "0::/system.slice/postgresql.service");
        Files.writeString(root.resolve("proc/uptime"), "1 1\n");
    }

    private Map<Node, String> scan() throws IOException {
        return scan((first, second) -> true);
    }

    private Map<Node, String> scan(OpenNodes.Sharing sharing) throws IOException {
        Map<Node, User> users = new HashMap<>();
        new OpenNodes(root.resolve("proc").toString(), SELF, sharing, users).scan();
        return Described.of(users);
    }

    @Test
    void processWithAnOpenNodeIsNamedWithItsUnit() throws IOException {
        proc.open("812", 3, "/dev/null", FakeProc.READ).open("812", 17, DRIVE, FakeProc.READ_WRITE | O_DIRECT);

        assertThat(scan()).containsEntry(NUMBER, "open by postgres (process 812 of postgresql.service)");
    }

    @Test
    void nodeIsIdentifiedByItsNumber() throws IOException {
        Path elsewhere = Files.createSymbolicLink(root.resolve("any-name"), Path.of(DRIVE));
        proc.open("812", 3, elsewhere.toString(), FakeProc.READ);

        assertThat(scan()).containsKey(NUMBER);
    }

    @Test
    void socketsPipesAndRegularFilesAreNoNodes() throws IOException {
        proc.open("812", 3, "socket:[4711]", FakeProc.READ)
                .open("812", 4, "anon_inode:[eventpoll]", FakeProc.READ)
                .open("812", 5, root.resolve("proc/uptime").toString(), FakeProc.READ);

        assertThat(scan()).isEmpty();
    }

    @Test
    void scanningProcessIsNoUser() throws IOException {
        proc.process(SELF, "java", "0::/system.slice/quiesced.service")
                .open(String.valueOf(SELF), 9, DRIVE, FakeProc.READ);

        assertThat(scan()).isEmpty();
    }

    @Test
    void firstUserIsNamed() throws IOException {
        proc.process(900, "dd", "0::/user.slice/user-0.slice/session-1.scope")
                .open("900", 3, DRIVE, FakeProc.WRITE)
                .open("900", 4, DRIVE, FakeProc.WRITE);

        assertThat(scan()).containsEntry(NUMBER, "open by dd (process 900 of session-1.scope)");
    }

    @Test
    void pathDescriptorIsNoUser() throws IOException {
        proc.open("812", 3, DRIVE, O_PATH);

        assertThat(scan()).isEmpty();
    }

    @Test
    void controlCharactersInProcessNamesAreReplaced() throws IOException {
        proc.process(900, "a\u001b[2J\nb", "0::/").open("900", 3, DRIVE, FakeProc.READ);

        assertThat(scan()).containsEntry(NUMBER, "open by a?[2J?b (process 900)");
    }

    @Test
    void vanishedProcessIsSkipped() throws IOException {
        // The process is listed, but its directory is gone.
        Files.createSymbolicLink(root.resolve("proc/900"), root.resolve("gone"));

        assertThat(scan()).isEmpty();
    }

    @Test
    void invisibleProcessFailsTheScan() throws IOException {
        Files.createDirectories(root.resolve("proc/900"));

        assertThatThrownBy(this::scan).isInstanceOf(IOException.class).hasMessageContaining("(process 900)");
    }

    @Test
    void zombieHasNoOpenFiles() throws IOException {
        proc.process(900, "sh", "0::/").status(900, "Z (zombie)", "0\t0\t0\t0");
        Files.delete(root.resolve("proc/900/fd"));

        assertThat(scan()).isEmpty();
    }

    @Test
    void programStartedByTheKernelIsScanned() throws IOException {
        proc.process(2, "kthreadd", "0::/").process(900, "drbdadm", "0::/").process(901, "kworker/0:1", "0::/");
        Files.writeString(root.resolve("proc/2/task/2/children"), "900 901 ");
        Files.createSymbolicLink(root.resolve("proc/900/exe"), Path.of("/bin/sh"));
        proc.open("900", 3, DRIVE, FakeProc.READ);
        Files.delete(root.resolve("proc/901/fd"));

        assertThat(scan()).containsEntry(NUMBER, "open by drbdadm (process 900)");
    }

    @Test
    void processBeingKilledIsScannedWithoutAnExecutable() throws IOException {
        proc.process(2, "kthreadd", "0::/");
        Files.writeString(root.resolve("proc/2/task/2/children"), "3 ");
        proc.open("812", 3, DRIVE, FakeProc.READ);

        assertThat(scan()).containsKey(NUMBER);
    }

    @Test
    void livingProcessWithInvisibleFilesFailsTheScan() throws IOException {
        Files.delete(root.resolve("proc/812/fd"));

        assertThatThrownBy(this::scan)
                .isInstanceOf(IOException.class)
                .hasMessage("the open files of postgres (process 812 of postgresql.service): they cannot be listed");
    }

    @Test
    void invisibleProcessesFailTheScan() {
        assertThatThrownBy(() -> new OpenNodes("/nowhere", SELF, (a, b) -> true, new HashMap<>()).scan())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the processes cannot be seen");
    }

    @Test
    void threadWithItsOwnFileTableIsScanned() throws IOException {
        proc.thread(812, 813).open("812", 3, "/dev/null", FakeProc.READ).open("812/task/813", 3, DRIVE, FakeProc.READ);

        assertThat(scan((first, second) -> second != 813)).containsKey(NUMBER);
        assertThat(scan((first, second) -> true))
                .as("a shared table is not looked at twice")
                .doesNotContainKey(NUMBER);
    }

    @Test
    void remainingThreadsOfAZombieLeaderAreScanned() throws IOException {
        proc.thread(812, 813).open("812/task/813", 3, DRIVE, FakeProc.READ).status(812, "Z (zombie)", "0\t0\t0\t0");

        assertThat(scan((first, second) -> true)).containsKey(NUMBER);
    }

    @ParameterizedTest
    @CsvSource({
        "multipathd, multipathd.service",
        "dmeventd, dm-event.service",
        "smartd, smartd.service",
        "smartd, smartmontools.service",
        "udisksd, udisks2.service",
        "lvm, lvm2-monitor.service",
        "lvm, blk-availability.service"
    })
    void readersOfTheSystemAreNoUsers(String command, String service) throws IOException {
        proc.process(900, command, "0::/system.slice/" + service).open("900", 5, DRIVE, FakeProc.READ | O_DIRECT);
        assertThat(scan()).isEmpty();

        proc.open("900", 6, DRIVE, FakeProc.READ_WRITE);
        assertThat(scan()).as("unless they write").containsKey(NUMBER);
    }

    @ParameterizedTest
    @CsvSource({
        "of another name,                 writer,     0::/system.slice/multipathd.service",
        "of another unit,                 multipathd, 0::/system.slice/writer.service",
        "of a scope,                      multipathd, 0::/system.slice/multipathd.scope",
        "of a user's unit,                multipathd, 0::/user.slice/user-0.slice/user@0.service/multipathd.service",
        "of a container's unit,           multipathd, 0::/system.slice/x.service/system.slice/multipathd.service",
        "of a unit whose name begins so,  multipathd, 0::/system.slice/multipathd.service2",
        "that writes the arrays' records, mdmon,      0::/system.slice/mdmon@md127.service",
        "that an administrator started,   lvm,        0::/user.slice/user-0.slice/session-1.scope",
        "that writes firmware,            fwupd,      0::/system.slice/fwupd.service"
    })
    void otherProcessesDoNotPassForReadersOfTheSystem(String what, String command, String cgroup) throws IOException {
        proc.process(900, command, cgroup).open("900", 5, DRIVE, FakeProc.READ);

        assertThat(scan()).as("a process %s", what).containsKey(NUMBER);
    }

    @Test
    void unprivilegedProcessDoesNotPassForAReaderOfTheSystem() throws IOException {
        proc.process(900, "multipathd", "0::/system.slice/multipathd.service")
                .open("900", 5, DRIVE, FakeProc.READ)
                .status(900, "S (sleeping)", "1000\t0\t0\t0");

        assertThat(scan()).containsKey(NUMBER);
    }

    @Test
    void udevAndItsHelpersMayRead() throws IOException {
        proc.process(900, "(udev-worker)", UDEV)
                .open("900", 5, DRIVE, FakeProc.READ)
                .process(901, "ata_id", UDEV)
                .open("901", 3, DRIVE, FakeProc.READ);
        assertThat(scan()).isEmpty();

        proc.process(902, "ata_id", UDEV).open("902", 3, DRIVE, FakeProc.WRITE);
        assertThat(scan()).as("but not write").containsKey(NUMBER);
    }

    @Test
    void readerOfTheSystemDoesNotHideAUser() throws IOException {
        proc.process(100, "(udev-worker)", UDEV)
                .open("100", 5, DRIVE, FakeProc.READ)
                .open("812", 5, DRIVE, FakeProc.READ);

        assertThat(scan()).containsEntry(NUMBER, "open by postgres (process 812 of postgresql.service)");
    }

    @Test
    void runningProcessIsFound() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", "exec 7</dev/full; echo; exec sleep 60").start();
        try {
            process.getInputStream().read();
            Path real = Path.of("/proc/" + process.pid());
            Files.createSymbolicLink(root.resolve("proc/" + process.pid()), real);

            assertThat(scan(Tasks::shareOpenFiles).get(NUMBER)).contains("(process " + process.pid());
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void threadsOfARunningProcessShareItsFiles() {
        long self = ProcessHandle.current().pid();
        String[] threads = new File("/proc/self/task").list();

        assertThat(threads)
                .hasSizeGreaterThan(1)
                .allSatisfy(thread -> assertThat(Tasks.shareOpenFiles((int) self, Integer.parseInt(thread)))
                        .isTrue());
        assertThat(Tasks.shareOpenFiles((int) self, 1)).isFalse();
    }
}
