// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quiesced.device.Device;
import org.quiesced.kernel.User;

/** Who has the registers of a device open or mapped. */
class RegisterUsersTest {
    private static final long SELF = 4;
    private static final Device DRIVE =
            new Device("/devices/pci0000:00/0000:01:00.0", "pci", true, Optional.empty(), Map.of());

    private Path directory;
    private Path resource;
    private FakeProc proc;

    /** A file system without a device, as sysfs is. */
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
        return RegisterUsers.of(directory + "/sys", directory + "/proc", SELF, DRIVE)
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
    void nobody() throws IOException {
        assertThat(user()).isEmpty();
    }

    @Test
    void aProcessThatHasThemMappedAndTheFileClosed() throws IOException {
        proc.maps(7, "7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0 [stack]\n" + mapping("00:1b", resource));

        assertThatItIsUsed();
    }

    @Test
    void notOneThatHasAFileOfADiskMappedThatHasTheSameNumber() throws IOException {
        proc.maps(7, mapping("08:01", resource));

        assertThat(user()).isEmpty();
    }

    @Test
    void aProcessThatHasTheFileOpen() throws IOException {
        proc.open("7/task/7", 3, resource.toString(), FakeProc.READ_WRITE);

        assertThatItIsUsed();
    }

    @Test
    void aThreadThatHasTheConfigurationSpaceOpen() throws IOException {
        proc.thread(7, 8).open("7/task/8", 3, resource.resolveSibling("config").toString(), FakeProc.READ_WRITE);

        assertThatItIsUsed();
    }

    @Test
    void notOneThatReadsAnAttribute() throws IOException {
        proc.open("7/task/7", 3, resource.resolveSibling("class").toString(), FakeProc.READ);

        assertThat(user()).isEmpty();
    }

    @Test
    void notTheProcessThatLooks() throws IOException {
        proc.process((int) SELF, "java", "0::/").open(SELF + "/task/" + SELF, 3, resource.toString(), FakeProc.READ);

        assertThat(user()).isEmpty();
    }

    @Test
    void itCannotBeFoundOutOfALivingProcessThatDoesNotShowItsMappings() throws IOException {
        Files.delete(directory.resolve("proc/7/maps"));

        assertThatThrownBy(this::user).isInstanceOf(IOException.class).hasMessageContaining("spdk_tgt (process 7");
    }

    @Test
    void oneThatHasEndedUsesNothing() throws IOException {
        Files.delete(directory.resolve("proc/7/maps"));
        proc.status(7, "Z (zombie)", "0\t0\t0\t0");

        assertThat(user()).isEmpty();
    }

    @Test
    void ofADeviceThatIsGoneCannotBeFoundOut() throws IOException {
        try (Stream<Path> files = Files.list(resource.getParent())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory.resolve("sys" + DRIVE.path()));

        assertThatThrownBy(this::user).isInstanceOf(NoSuchFileException.class);
    }
}
