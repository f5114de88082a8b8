// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.device.Device;
import org.quiesced.linux.NativeFile;

/** The cached data of a device is written by its node. */
class LinuxPageCacheTest {
    private static final Device DISK = new Device("/devices/x/sdz", "block", false, Optional.empty(), Map.of());

    @TempDir
    private Path root;

    private LinuxPageCache cache() {
        return new LinuxPageCache(root, root, NativeFile::open);
    }

    @Test
    void deviceIsOpenedByItsNode() throws IOException {
        Files.createDirectories(root.resolve("devices/x/sdz"));
        assertThatThrownBy(() -> cache().writeBack(DISK)).hasMessage(root + "/sdz: No such file or directory");

        Files.writeString(root.resolve("sdz"), "content");
        cache().writeBack(DISK);
    }

    @Test
    void deviceWithoutAPageCacheIsAnErrorExceptForAStandIn() throws IOException {
        Files.createDirectories(root.resolve("devices/x/sdz"));
        Files.createSymbolicLink(root.resolve("sdz"), Path.of("/dev/null"));

        assertThatThrownBy(() -> cache().writeBack(DISK)).hasMessage(root + "/sdz: Illegal seek");
        new LinuxPageCache(root, root, NativeFile::openStandIn).writeBack(DISK);
    }

    @Test
    void vanishedDeviceHasNoData() throws IOException {
        cache().writeBack(DISK);
    }
}
