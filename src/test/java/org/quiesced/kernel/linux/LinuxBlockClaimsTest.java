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

class LinuxBlockClaimsTest {
    private static final Device DISK = new Device("/devices/x/sdz", "block", false, Optional.empty(), Map.of());

    @TempDir
    private Path root;

    private LinuxBlockClaims claims() {
        return new LinuxBlockClaims(root, root, new MountTable(root, root));
    }

    @Test
    void claimOfADiskWithoutANodeFailsAndNamesTheNode() throws IOException {
        Files.createDirectories(root.resolve("devices/x/sdz"));

        assertThatThrownBy(() -> claims().claim(DISK)).hasMessage(root + "/sdz: No such file or directory");
    }

    @Test
    void claimOfAVanishedDiskSucceeds() throws IOException {
        claims().claim(DISK).close();
    }
}
