// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.Attributes;

/** Attributes as they were captured, until they are written. */
final class SimulatedAttributes implements Attributes {
    private final Map<String, String> written = new HashMap<>();

    @Override
    public Optional<String> read(Device device, String name) {
        return Optional.ofNullable(written.get(device.path() + "/" + name)).or(() -> device.attribute(name));
    }

    @Override
    public void write(Device device, String name, String value) {
        written.put(device.path() + "/" + name, value);
    }
}
