// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.device.Device;

/** Who uses a disk is explained from mounts, swap and holders. */
class DiskUsersTest {
    private static final Device DISK = new Device("/devices/x/nvme0n1", "block", false, Optional.empty(), Map.of());

    @TempDir
    private Path root;

    private FakeSysfs sys;

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

    private Optional<String> user() {
        return new DiskUsers(root.resolve("sys"), root.resolve("proc")).of(DISK);
    }

    @Test
    void aDiskWithoutAnyTraceOfUseHasNone() {
        assertThat(user()).isEmpty();
    }

    @Test
    void aMountedPartitionIsFound() throws IOException {
        Files.writeString(
                root.resolve("proc/1/mountinfo"),
                "36 35 259:1 / /srv/my\\040files rw,noatime shared:1 - ext4 /dev/nvme0n1p1 rw\n");

        assertThat(user()).contains("mounted on /srv/my files");
    }

    @Test
    void aMountThatComesAndGoesIsSeenEachTime() throws IOException {
        DiskUsers users = new DiskUsers(root.resolve("sys"), root.resolve("proc"));
        assertThat(users.of(DISK)).isEmpty();

        Files.writeString(root.resolve("proc/1/mountinfo"), "36 35 259:0 / /srv rw - ext4 /dev/nvme0n1 rw\n");
        assertThat(users.of(DISK)).contains("mounted on /srv");
        assertThat(users.of(DISK)).contains("mounted on /srv");

        Files.writeString(root.resolve("proc/1/mountinfo"), "37 35 0:42 / /run rw - tmpfs tmpfs rw\n");
        assertThat(users.of(DISK)).isEmpty();
    }

    @Test
    void aMountWhoseNumberIsAnonymousIsFoundByItsSource() throws IOException {
        Files.writeString(root.resolve("proc/1/mountinfo"), "36 35 0:42 / /pool rw shared:1 - btrfs /dev/nvme0n1 rw\n");

        assertThat(user()).contains("mounted on /pool");
    }

    @Test
    void whereTheFirstProcessCanNotBeSeenOurOwnMountsAreLookedAt() throws IOException {
        Files.createDirectories(root.resolve("proc/self"));
        Files.delete(root.resolve("proc/1/mountinfo"));
        Files.writeString(root.resolve("proc/self/mountinfo"), "36 35 259:1 / /srv rw - ext4 /dev/nvme0n1p1 rw\n");

        assertThat(user()).contains("mounted on /srv");
    }

    @Test
    void swapIsFound() throws IOException {
        Files.writeString(
                root.resolve("proc/swaps"),
                "Filename Type Size Used Priority\n/dev/nvme0n1p1                          partition 1 0 -2\n");

        assertThat(user()).contains("used as swap");
    }

    @Test
    void aStackOfHoldersIsFollowedToItsMount() throws IOException {
        sys.inClass("/devices/virtual/block/dm-0", "block", Map.of("dev", "253:0"));
        Path mapped = root.resolve("sys/devices/virtual/block/dm-0");
        Files.createDirectories(mapped.resolve("dm"));
        Files.writeString(mapped.resolve("dm/name"), "vg-data\n");
        Files.createSymbolicLink(root.resolve("sys/devices/x/nvme0n1/nvme0n1p1/holders/dm-0"), mapped);
        Files.writeString(
                root.resolve("proc/1/mountinfo"), "36 35 253:0 / /data rw shared:1 - xfs /dev/mapper/vg-data rw\n");

        assertThat(user()).contains("held by dm-0 (vg-data), mounted on /data");
    }
}
