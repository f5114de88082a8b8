// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.device.Device;

class LinuxBlockClaimsTest {
    @TempDir
    private Path dev;

    @Test
    void aDiskWithoutANodeCannotBeClaimedAndTheMessageNamesTheNode() {
        Device disk = new Device("/devices/x/sdz", "block", false, Optional.empty(), Map.of());
        LinuxBlockClaims claims = new LinuxBlockClaims(dev, new DiskUsers(dev, dev));

        assertThatThrownBy(() -> claims.claim(disk)).hasMessage(dev + "/sdz: No such file or directory");
    }
}
