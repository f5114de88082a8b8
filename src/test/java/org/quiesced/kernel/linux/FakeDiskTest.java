// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.device.Device;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.DiskUser.Release;

/** A disk with one partition in a made-up sysfs and procfs, and its users as the mount table finds them. */
abstract class FakeDiskTest {
    static final Device DISK = new Device("/devices/x/nvme0n1", "block", false, Optional.empty(), Map.of());

    @TempDir
    Path root;

    FakeSysfs sys;

    @BeforeEach
    void makeDisk() throws IOException {
        Files.createDirectories(root.resolve("proc/1"));
        Files.writeString(root.resolve("proc/1/mountinfo"), "");
        Files.writeString(root.resolve("proc/swaps"), "Filename\tType\tSize\tUsed\tPriority\n");
        sys = new FakeSysfs(root.resolve("sys"))
                .inClass("/devices/x/nvme0n1", "block", Map.of("dev", "259:0"))
                .inClass("/devices/x/nvme0n1/nvme0n1p1", "block", Map.of("dev", "259:1", "partition", "1"));
        Files.createDirectories(root.resolve("sys/devices/x/nvme0n1/nvme0n1p1/holders"));
    }

    MountTable table() {
        return new MountTable(root.resolve("sys"), root.resolve("proc"));
    }

    Optional<DiskUser> found() {
        return table().get().of(DISK);
    }

    Optional<String> user() {
        return found().map(DiskUser::describe);
    }

    void mounts(String... lines) throws IOException {
        Files.writeString(root.resolve("proc/1/mountinfo"), String.join("\n", lines) + "\n");
    }

    void assertUser(String words, Release release) {
        assertUser(found(), words, release);
    }

    static void assertUser(Optional<DiskUser> user, String words, Release release) {
        assertThat(user.map(DiskUser::describe)).contains(words);
        assertThat(user.map(DiskUser::release)).contains(release);
    }

    /** Creates a block device that holds others; returns its directory. */
    Path holder(String name, String number, String... held) throws IOException {
        Path directory = root.resolve("sys/devices/virtual/block/" + name);
        sys.inClass("/devices/virtual/block/" + name, "block", Map.of("dev", number));
        Files.createDirectories(directory.resolve("holders"));
        for (String below : held) {
            Files.createDirectories(root.resolve("sys/" + below + "/holders"));
            Files.createSymbolicLink(root.resolve("sys/" + below + "/holders/" + name), directory);
        }
        return directory;
    }

    void mapped(String name, String number, String dmName, String... held) throws IOException {
        Path dm = Files.createDirectories(holder(name, number, held).resolve("dm"));
        Files.writeString(dm.resolve("name"), dmName + "\n");
    }
}
