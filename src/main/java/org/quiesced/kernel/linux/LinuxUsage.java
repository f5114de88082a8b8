// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.Usage;

/** Openers of disks, from {@code /proc} and sysfs. */
final class LinuxUsage implements Usage {
    private final Path sys;
    private final Path proc;

    LinuxUsage(Path sys, Path proc) {
        this.sys = sys;
        this.proc = proc;
    }

    @Override
    public Users look() {
        return below -> Optional.empty();
    }

    @Override
    public Traffic traffic(Device disk) throws IOException {
        String[] inflight = SysfsFile.read(sys + disk.path() + "/inflight")
                .orElse("0 0")
                .strip()
                .split(" +");
        String[] stat =
                SysfsFile.read(sys + disk.path() + "/stat").orElse("").strip().split(" +");
        return new Traffic(0, 0, 0);
    }
}
