// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.Attributes;

/** Attributes as files of sysfs. */
final class SysfsAttributes implements Attributes {
    private final Path sys;

    SysfsAttributes(Path sys) {
        this.sys = sys;
    }

    @Override
    public Optional<String> read(Device device, String name) {
        return SysfsFile.read(sys + device.path() + "/" + name);
    }

    @Override
    public void write(Device device, String name, String value) throws IOException {
        SysfsFile.write(sys + device.path() + "/" + name, value);
    }
}
