// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.quiesced.device.DeviceTree;
import org.quiesced.method.DriveTypes;

/** A made-up sysfs with an NVMe drive below a port. */
abstract class FakeTreeTest {
    static final String PORT = "/devices/pci0000:00/0000:00:01.0";
    static final String NVME = PORT + "/0000:01:00.0";

    @TempDir
    Path sys;

    FakeSysfs fake;

    @BeforeEach
    void makeMachine() throws IOException {
        fake = new FakeSysfs(sys)
                .onBus(PORT, "pci", "pcieport", Map.of())
                .onBus(NVME, "pci", "nvme", Map.of())
                .inClass(NVME + "/nvme/nvme0", "nvme", Map.of("state", "live", "serial", "S1"))
                .inClass(NVME + "/nvme/nvme0/nvme0n1", "block", Map.of("size", "100"))
                .inClass(NVME + "/nvme/nvme0/nvme0n1/nvme0n1p1", "block", Map.of("size", "50"));
    }

    DeviceTree read() throws IOException {
        return new SysfsTree(sys, DriveTypes.SUPPORTED.attributes()).read();
    }
}
