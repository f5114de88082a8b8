// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.quiesced.device.Device;
import org.quiesced.kernel.User;

/** Processes that have the registers of a device open or mapped are found. */
class RegisterUsersTest {
    private static final long SELF = 4;
    private static final Device DRIVE =
            new Device("/devices/pci0000:00/0000:01:00.0", "pci", true, Optional.empty(), Map.of());

    private Path directory;
    private Path resource;
    private FakeProc proc;

    /** Uses a file system without a block device, like sysfs. */
    @BeforeEach
    void machine() throws IOException {
        directory = Files.createTempDirectory(Path.of("/dev/shm"), "quiesced-");
        Path device = Files.createDirectories(directory.resolve("sys" + DRIVE.path()));
        resource = Files.writeString(device.resolve("resource0"), "x");
        Files.writeString(device.resolve("config"), "x");
        Files.writeString(device.resolve("class"), "x");
        proc = new FakeProc(directory.resolve("proc"));
        proc.process(7, "spdk_tgt", "0::/system.slice/spdk.service");
    }

    @AfterEach
    void remove() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Optional<String> user() throws IOException {
        return new RegisterUsers(directory + "/sys", directory + "/proc", SELF)
                .of(DRIVE)
                .map(User::describe);
    }

    private void assertThatItIsUsed() throws IOException {
        assertThat(user()).contains("resource0 is open by spdk_tgt (process 7 of spdk.service)");
    }

    private String mapping(String device, Path file) throws IOException {
        return "7f0000000000-7f0000004000 rw-s 00000000 " + device + " " + Files.getAttribute(file, "unix:ino")
                + "                    /somewhere/else\n";
    }

    @Test
    void registersWithoutAUserAreFree() throws IOException {
        assertThat(user()).isEmpty();
    }

    @Test
    void mappingOfAClosedResourceFileIsAUse() throws IOException {
        proc.maps(7, "7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0 [stack]\n" + mapping("00:1b", resource));

        assertThatItIsUsed();
    }

    @Test
    void mappedDiskFileWithTheSameInodeNumberIsNoUse() throws IOException {
        proc.maps(7, mapping("08:01", resource));

        assertThat(user()).isEmpty();
    }

    @Test
    void openResourceFileIsAUse() throws IOException {
        proc.open("7/task/7", 3, resource.toString(), FakeProc.READ_WRITE);

        assertThatItIsUsed();
    }

    @Test
    void openConfigurationSpaceOfAThreadIsAUse() throws IOException {
        proc.thread(7, 8).open("7/task/8", 3, resource.resolveSibling("config").toString(), FakeProc.READ_WRITE);

        assertThatItIsUsed();
    }

    @Test
    void openAttributeIsNoUse() throws IOException {
        proc.open("7/task/7", 3, resource.resolveSibling("class").toString(), FakeProc.READ);

        assertThat(user()).isEmpty();
    }

    @Test
    void scanningProcessIsNoUser() throws IOException {
        proc.process((int) SELF, "java", "0::/").open(SELF + "/task/" + SELF, 3, resource.toString(), FakeProc.READ);

        assertThat(user()).isEmpty();
    }

    @Test
    void livingProcessWithInvisibleMappingsFailsTheScan() throws IOException {
        Files.delete(directory.resolve("proc/7/maps"));

        assertThatThrownBy(this::user).isInstanceOf(IOException.class).hasMessageContaining("spdk_tgt (process 7");
    }

    @Test
    void zombieUsesNothing() throws IOException {
        Files.delete(directory.resolve("proc/7/maps"));
        proc.status(7, "Z (zombie)", "0\t0\t0\t0");

        assertThat(user()).isEmpty();
    }

    @Test
    void vanishedDeviceFailsTheScan() throws IOException {
        try (Stream<Path> files = Files.list(resource.getParent())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory.resolve("sys" + DRIVE.path()));

        assertThatThrownBy(this::user).isInstanceOf(NoSuchFileException.class);
    }

    /** Answers a query when the test permits it, and records each pass. */
    private static final class HeldPass implements RegisterUsers.Pass {
        private final Semaphore begun = new Semaphore(0);
        private final Semaphore goOn = new Semaphore(0);
        private final List<Set<Long>> passes = Collections.synchronizedList(new ArrayList<>());

        @Override
        public OpenInodes.Found over(Set<Long> inodes) {
            passes.add(Set.copyOf(inodes));
            begun.release();
            goOn.acquireUninterruptibly();
            long first = inodes.stream().mapToLong(Long::longValue).min().orElseThrow();
            return new OpenInodes.Found(Map.of(first, new User.Described("open")), Optional.empty());
        }
    }

    private Device another(int number) throws IOException {
        String path = "/devices/pci0000:00/0000:0" + number + ":00.0";
        Files.writeString(
                Files.createDirectories(directory.resolve("sys" + path)).resolve("resource0"), "x");
        return new Device(path, "pci", true, Optional.empty(), Map.of());
    }

    private static Thread asking(RegisterUsers users, Device device, List<Optional<User>> answers) {
        Thread thread = new Thread(() -> {
            try {
                answers.add(users.of(device));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.start();
        return thread;
    }

    @Test
    @Timeout(60)
    void queriesDuringAPassShareTheNextPass() throws Exception {
        HeldPass pass = new HeldPass();
        RegisterUsers users = new RegisterUsers(directory + "/sys", pass);
        List<Optional<User>> answers = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        threads.add(asking(users, DRIVE, answers));
        pass.begun.acquire();
        for (int number = 2; number < 8; number++) {
            Thread thread = asking(users, another(number), answers);
            threads.add(thread);
            while (thread.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
        }

        pass.goOn.release(2);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(pass.passes)
                .as("a pass for the first query, and one for the others")
                .hasSize(2);
        assertThat(pass.passes.get(0)).as("its registers and its configuration").hasSize(2);
        assertThat(pass.passes.get(1)).hasSize(6);
        assertThat(answers.stream().filter(Optional::isPresent))
                .as("one of the first pass, and one of the second: each has the answer of its own files")
                .hasSize(2);
    }

    @Test
    void queryAfterAPassStartsAnother() throws IOException {
        HeldPass pass = new HeldPass();
        pass.goOn.release(2);
        RegisterUsers users = new RegisterUsers(directory + "/sys", pass);
        users.of(DRIVE);
        users.of(DRIVE);

        assertThat(pass.passes).hasSize(2);
    }

    @Test
    void foundUserIsNamedDespiteAnInvisibleProcess() throws IOException {
        Map<Long, User> seen = Map.of(1L, new User.Described("open"));
        OpenInodes.Found found = new OpenInodes.Found(seen, Optional.of(new IOException("hidden")));

        assertThat(found.userOf(Set.of(1L))).isPresent();
        assertThatThrownBy(() -> found.userOf(Set.of(2L))).hasMessage("hidden");
    }
}
