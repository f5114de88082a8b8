// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.device.Device;

class SysfsAttributesTest {
    private static final Device DISK = new Device("/devices/x", "scsi_disk", false, Optional.empty(), Map.of());

    @TempDir
    private Path sys;

    @Test
    void filesAreWritableByThePermissionOfTheOwner() throws IOException {
        Path directory = Files.createDirectories(sys.resolve("devices/x"));
        Files.createDirectories(directory.resolve("power"));
        Files.createSymbolicLink(directory.resolve("device"), directory.resolve("power"));
        permit(directory.resolve("manage_shutdown"), "rw-r--r--");
        permit(directory.resolve("manage_start_stop"), "r--r--r--");
        permit(directory.resolve("rescan"), "-w-------");

        assertThat(new SysfsAttributes(sys).writable(DISK)).containsExactlyInAnyOrder("manage_shutdown", "rescan");
    }

    private static void permit(Path file, String permissions) throws IOException {
        Files.writeString(file, "1\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void unreadableDeviceIsAnError() throws IOException {
        Files.createDirectories(sys.resolve("devices"));
        Files.createSymbolicLink(sys.resolve("devices/x"), Path.of("x"));

        assertThatThrownBy(() -> new SysfsAttributes(sys).writable(DISK))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/devices/x: cannot be read: ");
    }

    @Test
    void vanishedDeviceHasNoAttributes() throws IOException {
        assertThat(new SysfsAttributes(sys).writable(DISK)).isEmpty();
    }
}
