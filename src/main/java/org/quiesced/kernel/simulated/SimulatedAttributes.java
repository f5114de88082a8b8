// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.quiesced.device.Device;
import org.quiesced.kernel.Attributes;

/** The attributes of a machine description, until they are written. */
final class SimulatedAttributes implements Attributes {
    private final Map<String, String> written = new ConcurrentHashMap<>();

    @Override
    public Optional<String> read(Device device, String name) {
        return Optional.ofNullable(written.get(device.path() + "/" + name)).or(() -> device.attribute(name));
    }

    /** Returns all attributes except {@code manage_start_stop}, if the newer attributes exist that it summarizes. */
    @Override
    public List<String> writable(Device device) {
        List<String> names = new ArrayList<>(device.attributes().keySet());
        if (names.contains("manage_system_start_stop")) {
            names.remove("manage_start_stop");
        }
        return names;
    }

    @Override
    public void write(Device device, String name, String value) {
        written.put(device.path() + "/" + name, value);
    }
}
