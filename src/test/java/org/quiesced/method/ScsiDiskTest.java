// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import java.time.Duration;
import java.util.Map;

/** A SCSI disk with a write cache, and others with the given attributes, for tests of their method. */
abstract class ScsiDiskTest {
    static final String CLASS = "/scsi_disk/0:0:0:0";

    /**
     * The attributes of a SATA disk since Linux 6.17: no stop at reboot, a stop at power-off, and a stop when the
     * driver leaves a running system.
     */
    static final Map<String, String> SATA = Map.of(
            "cache_type", "write back",
            "manage_start_stop", "0",
            "manage_system_start_stop", "0",
            "manage_runtime_start_stop", "1",
            "manage_shutdown", "1",
            "manage_restart", "0");

    final MethodRun run = new MethodRun();
    final String disk = run.builder.scsiDisk("/devices/host0", "0:0:0:0", Duration.ofSeconds(6));

    String scsiDisk(Map<String, String> attributes) {
        String other = run.builder.device("/devices/host0", "0:0:1:0", "scsi", "sd");
        run.builder.classDevice(other + "/scsi_disk/0:0:1:0", "scsi_disk", attributes);
        run.builder.classDevice(other + "/block/sdb", "block", Map.of("size", "8"));
        return other;
    }

    String value(String path, String name) {
        return run.attribute(path + "/scsi_disk/0:0:1:0", name);
    }
}
