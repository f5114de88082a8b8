// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Drivers;

/** Forwards all calls to other drivers, for tests that override one of them. */
public class SameDrivers implements Drivers {
    private final Drivers rest;

    /** Creates drivers that forward to others. */
    public SameDrivers(Drivers rest) {
        this.rest = rest;
    }

    @Override
    public Optional<String> present(Device device) {
        return rest.present(device);
    }

    @Override
    public void unbind(Device device) throws IOException {
        rest.unbind(device);
    }

    @Override
    public void awaitUnbound(Device device) throws IOException {
        rest.awaitUnbound(device);
    }

    @Override
    public void bind(Device device) throws IOException {
        rest.bind(device);
    }

    @Override
    public List<String> boundDependents(Device device, DeviceTree below) throws IOException {
        return rest.boundDependents(device, below);
    }

    @Override
    public Optional<String> parameter(String module, String name) {
        return rest.parameter(module, name);
    }
}
