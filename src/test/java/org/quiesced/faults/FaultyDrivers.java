// SPDX-License-Identifier: Apache-2.0
package org.quiesced.faults;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Drivers;

/** Removals and attachments of drivers, as recorded calls. */
final class FaultyDrivers implements Drivers {
    private final Drivers drivers;
    private final FaultyCalls calls;

    FaultyDrivers(Drivers drivers, FaultyCalls calls) {
        this.drivers = drivers;
        this.calls = calls;
    }

    @Override
    public Optional<String> present(Device device) {
        return calls.orNothing(Site.IS_BOUND, device, "", () -> drivers.present(device));
    }

    @Override
    public void unbind(Device device) throws IOException {
        calls.act(Site.UNBIND, device, () -> drivers.unbind(device));
    }

    @Override
    public void awaitUnbound(Device device) throws IOException {
        try {
            calls.act(Site.AWAIT_UNBOUND, device, () -> drivers.awaitUnbound(device));
        } catch (IOException e) {
            // A vanished device has no driver to wait for.
            if (!calls.disks().hasVanished(device)) {
                throw e;
            }
        }
    }

    @Override
    public void bind(Device device) throws IOException {
        calls.act(Site.BIND, device, () -> drivers.bind(device));
    }

    @Override
    public List<String> boundDependents(Device device, DeviceTree below) throws IOException {
        return calls.call(Site.DEPENDENTS, device, () -> drivers.boundDependents(device, below));
    }

    @Override
    public Optional<String> parameter(String module, String name) {
        return calls.orNothing(Site.PARAMETER, null, "", () -> drivers.parameter(module, name));
    }
}
