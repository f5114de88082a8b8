// SPDX-License-Identifier: Apache-2.0
package org.quiesced.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.device.Storage;
import org.quiesced.kernel.Counters;
import org.quiesced.kernel.Usage;
import org.quiesced.method.DriveTypes;

/** The kernel of the warm-up has nine disks, all of them free. */
class WarmUpKernelTest {
    @TempDir
    private Path directory;

    @Test
    void eachDriveHasAFreeDisk() throws IOException {
        Path place = directory.resolve("warm-up");
        try (WarmUpKernel kernel = WarmUpKernel.in(place, DriveTypes.SUPPORTED)) {
            Usage.Users users = kernel.usage().scan();
            DeviceTree tree = kernel.readTree();
            int disks = 0;
            for (Device device : tree.devices()) {
                if (device.driver().isPresent()) {
                    DeviceTree below = kernel.readBelow(device);
                    assertThat(users.of(below)).isEmpty();
                    for (Device disk : new Storage(below).disksOf(device)) {
                        disks++;
                        assertThat(disk.attribute("dev")).isPresent();
                        assertThat(kernel.usage().traffic(disk)).isEqualTo(Counters.reads(0, 0, 0));
                    }
                }
            }
            assertThat(disks).isEqualTo(9);
        }
        assertThat(Files.exists(place)).isFalse();
    }
}
