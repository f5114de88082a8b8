// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A loop device that is bound to a disk uses it; {@code /dev/full} stands for the disk, and no real loop device is asked. */
class LoopDevicesTest {
    private static final Node NUMBER = new Node(false, 1, 7);

    @TempDir
    private Path root;

    @BeforeEach
    void makeMachine() throws IOException {
        Files.createDirectories(root.resolve("proc/1"));
        Files.createSymbolicLink(root.resolve("proc/1/root"), Path.of("/"));
        mounts("22 1 8:1 / / rw - ext4 /dev/sda1 rw");
        Files.createDirectories(root.resolve("sys/block/loop1"));
        Files.createDirectories(root.resolve("sys/block/sda"));
    }

    private void mounts(String lines) throws IOException {
        Files.writeString(root.resolve("proc/1/mountinfo"), lines + "\n");
    }

    private void bind(String loop, String file) throws IOException {
        Path directory = Files.createDirectories(root.resolve("sys/block/" + loop + "/loop"));
        Files.writeString(directory.resolve("backing_file"), file + "\n");
    }

    private Map<Node, String> look(LoopDevices.UserOf userOf) throws IOException {
        Map<Node, String> users = new HashMap<>();
        String proc = root.resolve("proc").toString();
        new LoopDevices(root.resolve("sys").toString(), root.resolve("dev").toString(), proc, userOf)
                .look(HostPaths.of(proc), users);
        return users;
    }

    @Test
    void aDiskThatALoopDeviceIsBoundToIsUsedThoughNothingIsMounted() throws IOException {
        bind("loop0", "/dev/full");

        assertThat(look(disk -> Optional.empty())).isEqualTo(Map.of(NUMBER, "what loop0 is bound to"));
    }

    @Test
    void whatIsOnTheLoopDeviceIsSaid() throws IOException {
        bind("loop0", "/dev/full");

        assertThat(look(disk -> Optional.of("mounted on " + disk.name())))
                .containsEntry(NUMBER, "what loop0 is bound to, mounted on loop0");
    }

    @Test
    void aLoopDeviceOnARegularFileUsesNoDisk() throws IOException {
        Path image = Files.createFile(root.resolve("image"));
        bind("loop0", image.toString());

        assertThat(look(disk -> Optional.empty())).isEmpty();
    }

    @Test
    void whatCanNotBeFoundOutFailsTheLook() throws IOException {
        bind("loop0", root.resolve("image") + " (deleted)");

        assertThatThrownBy(() -> look(disk -> Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("loop0: what it is bound to cannot be found out: ");
    }

    @Test
    void loopDevicesThatCannotBeReadFailTheLook() throws IOException {
        Files.createDirectories(root.resolve("sys/block/loop0/loop/backing_file"));

        assertThatThrownBy(() -> look(disk -> Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("loop0/loop/backing_file: cannot be read");
    }

    @Test
    void aFileOnANetworkFileSystemIsNotAskedFor() throws IOException {
        mounts("22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 22 0:50 / /net\\040work rw shared:3 - nfs4 server:/ rw");
        bind("loop0", "/net work/images/gone");

        assertThat(look(disk -> Optional.empty())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fuse", "fuse.sshfs", "fuseblk"})
    void aFileOnAFileSystemThatIsAProcessIsNotAskedFor(String type) throws IOException {
        mounts("22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 22 0:50 / /mnt rw - " + type + " x rw");
        bind("loop0", "/mnt/image (deleted)");

        assertThat(look(disk -> Optional.empty())).isEmpty();
    }
}
