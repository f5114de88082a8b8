// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Drivers;

/** The drivers of devices on a bus, and those of controllers of NVMe over fabrics. */
final class LinuxDrivers implements Drivers {
    private final Drivers onBus;
    private final Drivers overFabrics;

    LinuxDrivers(Path sys) {
        this.onBus = new SysfsDrivers(sys);
        this.overFabrics = new FabricsControllers(sys);
    }

    private Drivers of(Device device) {
        return device.onBus() ? onBus : overFabrics;
    }

    @Override
    public Optional<String> present(Device device) {
        return of(device).present(device);
    }

    @Override
    public void unbind(Device device) throws IOException {
        of(device).unbind(device);
    }

    @Override
    public void awaitUnbound(Device device) throws IOException {
        of(device).awaitUnbound(device);
    }

    @Override
    public void bind(Device device) throws IOException {
        of(device).bind(device);
    }

    @Override
    public List<String> boundDependents(Device device, DeviceTree below) throws IOException {
        return of(device).boundDependents(device, below);
    }

    @Override
    public Optional<String> parameter(String module, String name) {
        return onBus.parameter(module, name);
    }
}
