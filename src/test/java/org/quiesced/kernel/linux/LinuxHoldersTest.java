// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.device.Device;
import org.quiesced.kernel.Holders;
import org.quiesced.linux.NativeFile;

/** Holders are stopped by the interfaces of the kernel, and only those that quiesced may stop. */
class LinuxHoldersTest {
    @TempDir
    private Path root;

    private Holders holders;

    @BeforeEach
    void machine() throws IOException {
        Files.createDirectories(root.resolve("dev/mapper"));
        Files.createSymbolicLink(root.resolve("dev/mapper/control"), Path.of("/dev/null"));
        Files.writeString(root.resolve("dev/bcache0"), "");
        holders = new LinuxHolders(root, root.resolve("dev"), NativeFile::openStandIn);
    }

    private Path file(String path, String value) throws IOException {
        Path file = root.resolve("devices/virtual/block/" + path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, value);
    }

    private static Device holder(String name) {
        return new Device(
                "/devices/virtual/block/" + name,
                "block",
                false,
                Optional.empty(),
                Map.of(Holders.MEMBERS, "/devices/a /devices/b"));
    }

    @Test
    void arrayIsStoppedBySysfs() throws IOException {
        Path state = file("md0/md/array_state", "clean\n");
        assertThat(holders.isThere(holder("md0"))).isTrue();

        holders.stop(holder("md0"));

        assertThat(state).content().startsWith("clear");
    }

    @Test
    void stoppedArrayIsAbsentDespiteItsDirectory() throws IOException {
        file("md0/md/array_state", "clear\n");

        assertThat(holders.isThere(holder("md0"))).isFalse();
        assertThat(holders.isThere(holder("md1"))).isFalse();
    }

    @Test
    void arrayWithExternalMetadataIsLeftToMdmon() throws IOException {
        Path state = file("md0/md/array_state", "clean\n");
        file("md0/md/metadata_version", "external:/md127/0\n");

        assertThatIOException().isThrownBy(() -> holders.stop(holder("md0"))).withMessageContaining("mdmon");
        assertThat(state).content().isEqualTo("clean\n");
    }

    @Test
    void suspendedMappingIsNotRemoved() throws IOException {
        file("dm-0/dev", "253:0\n");
        file("dm-0/dm/suspended", "1\n");

        assertThatIOException().isThrownBy(() -> holders.stop(holder("dm-0"))).withMessageContaining("suspended");
    }

    @Test
    void mappingIsRemovedByTheControlNode() throws IOException {
        file("dm-0/dev", "253:0\n");
        file("dm-0/dm/suspended", "0\n");
        holders.stop(holder("dm-0"));

        Files.delete(root.resolve("dev/mapper/control"));
        assertThatIOException().isThrownBy(() -> holders.stop(holder("dm-0"))).withMessageContaining("control");
    }

    @Test
    void membersOfAStoppedArrayAreAnnounced() throws IOException {
        Path first = Files.createDirectories(root.resolve("devices/a")).resolve("uevent");
        Path second = Files.createDirectories(root.resolve("devices/b")).resolve("uevent");
        Files.writeString(first, "");
        Files.writeString(second, "");

        holders.announce(holder("md0"));

        assertThat(first).content().isEqualTo("change");
        assertThat(second).content().isEqualTo("change");
    }
}
