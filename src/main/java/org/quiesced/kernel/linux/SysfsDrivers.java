// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.Drivers;

/** Drivers as sysfs shows them: a link from each device, and a file {@code unbind} for each driver. */
final class SysfsDrivers implements Drivers {
    private final Path sys;

    SysfsDrivers(Path sys) {
        this.sys = sys;
    }

    @Override
    public boolean isBound(Device device) {
        try {
            Path driver = Files.readSymbolicLink(Path.of(sys + device.path() + "/driver"));
            return device.driver().map(driver.getFileName().toString()::equals).orElse(false);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void unbind(Device device) throws IOException {
        // The kernel compares the whole of what is written with the device's name (drivers/base/bus.c, unbind_store).
        tell(device, "unbind");
    }

    @Override
    public void bind(Device device) throws IOException {
        tell(device, "bind");
    }

    private void tell(Device device, String attribute) throws IOException {
        SysfsFile.write(
                sys + "/bus/" + device.subsystem() + "/drivers/"
                        + device.driver().orElseThrow() + "/" + attribute,
                device.name());
    }

    @Override
    public Optional<String> parameter(String module, String name) {
        return SysfsFile.read(sys + "/module/" + module + "/parameters/" + name);
    }
}
