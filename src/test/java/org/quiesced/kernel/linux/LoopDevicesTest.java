// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.kernel.User;

/** A loop device bound to a disk uses it; {@code /dev/full} stands for the disk, and no real loop device is queried. */
class LoopDevicesTest {
    private static final Node NUMBER = new Node(false, 1, 7);

    private final List<String> asked = new CopyOnWriteArrayList<>();

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

    private Map<Node, String> scan(LoopDevices.UserOf userOf) throws IOException {
        Map<Node, User> users = new HashMap<>();
        String proc = root.resolve("proc").toString();
        new LoopDevices(root.resolve("sys").toString(), root.resolve("dev").toString(), proc, userOf)
                .scan(HostPaths.of(proc), users);
        return Described.of(users);
    }

    @Test
    void boundLoopDeviceUsesItsDiskWithoutAMount() throws IOException {
        bind("loop0", "/dev/full");

        assertThat(scan(disk -> Optional.empty())).isEqualTo(Map.of(NUMBER, "what loop0 is bound to"));
    }

    @Test
    void userOfTheLoopDeviceIsNamed() throws IOException {
        bind("loop0", "/dev/full");

        assertThat(scan(disk -> Optional.of(new User.Mount(disk.name()))))
                .containsEntry(NUMBER, "what loop0 is bound to, mounted on loop0");
    }

    @Test
    void loopDeviceOnARegularFileUsesNoDisk() throws IOException {
        Path image = Files.createFile(root.resolve("image"));
        bind("loop0", image.toString());

        assertThat(scan(disk -> Optional.empty())).isEmpty();
    }

    @Test
    void unresolvableLoopDeviceFailsTheScan() throws IOException {
        bind("loop0", root.resolve("image") + " (deleted)");

        assertThatThrownBy(() -> scan(disk -> Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("loop0: its backing cannot be determined: ");
    }

    /** Scans twice, with a {@code loop0} that does not answer and others that are bound to regular files. */
    private Map<Node, String> lookBesideOneThatHangs() throws IOException {
        Map<Node, User> users = new HashMap<>();
        String proc = root.resolve("proc").toString();
        CountDownLatch never = new CountDownLatch(1);
        LoopDevices loops = new LoopDevices(
                root.resolve("sys").toString(),
                "/dev",
                proc,
                disk -> Optional.empty(),
                new BlockingCalls<>(Duration.ofMillis(50)),
                node -> {
                    asked.add(node);
                    try {
                        if (node.equals("/dev/loop0")) {
                            never.await();
                        }
                        return 0;
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                });
        try {
            loops.scan(HostPaths.of(proc), users);
            loops.scan(HostPaths.of(proc), users);
            return Described.of(users);
        } finally {
            never.countDown();
        }
    }

    @Test
    void mountsAreReadOncePerScan() throws IOException {
        mounts("36 1 0:40 / /net rw - nfs4 server:/ rw");
        for (int i = 0; i < 10; i++) {
            bind("loop" + i, i % 2 == 0 ? "/srv/image" : "/net/image");
        }
        String proc = root.resolve("proc").toString();
        LoopDevices loops = new LoopDevices(
                root.resolve("sys").toString(),
                "/dev",
                proc,
                disk -> Optional.empty(),
                new BlockingCalls<>(Duration.ofSeconds(10)),
                node -> {
                    asked.add(node);
                    // Later reads of the mounts find no network file system.
                    Files.deleteIfExists(root.resolve("proc/1/mountinfo"));
                    return 0;
                });

        loops.scan(HostPaths.of(proc), new HashMap<>());
        assertThat(asked)
                .as("on no network file system")
                .containsExactlyInAnyOrder("/dev/loop0", "/dev/loop2", "/dev/loop4", "/dev/loop6", "/dev/loop8");
    }

    @Test
    void unresponsiveLoopDeviceCountsAsBoundToItsPath() throws IOException {
        bind("loop0", "/dev/full");
        bind("loop2", "/dev/zero");

        assertThat(lookBesideOneThatHangs()).isEqualTo(Map.of(NUMBER, "what loop0 is bound to"));
        assertThat(asked)
                .as("a loop device is not queried again before it has answered")
                .containsExactlyInAnyOrder("/dev/loop0", "/dev/loop2", "/dev/loop2");
    }

    @Test
    void unresponsiveLoopDeviceWithoutAPathFailsTheScan() {
        assertThatThrownBy(() -> {
                    bind("loop0", root.resolve("image") + " (deleted)");
                    lookBesideOneThatHangs();
                })
                .isInstanceOf(IOException.class)
                .hasMessage("loop0: its backing cannot be determined: no answer");
    }

    @Test
    void unreadableLoopDevicesFailTheScan() throws IOException {
        Files.createDirectories(root.resolve("sys/block/loop0/loop/backing_file"));

        assertThatThrownBy(() -> scan(disk -> Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("loop0/loop/backing_file: cannot be read");
    }

    @Test
    void loopDeviceOnANetworkFileSystemIsNotQueried() throws IOException {
        mounts("22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 22 0:50 / /net\\040work rw shared:3 - nfs4 server:/ rw");
        bind("loop0", "/net work/images/gone");

        assertThat(scan(disk -> Optional.empty())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fuse", "fuse.sshfs", "fuseblk"})
    void loopDeviceOnAFuseFileSystemIsNotQueried(String type) throws IOException {
        mounts("22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 22 0:50 / /mnt rw - " + type + " x rw");
        bind("loop0", "/mnt/image (deleted)");

        assertThat(scan(disk -> Optional.empty())).isEmpty();
    }
}
