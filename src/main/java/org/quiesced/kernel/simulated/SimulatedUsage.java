// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.quiesced.device.Device;
import org.quiesced.kernel.Usage;

/** Openers as the machine's data have them, until they close. */
final class SimulatedUsage implements Usage {
    private final Machine machine;
    private final Set<String> closed = ConcurrentHashMap.newKeySet();

    SimulatedUsage(Machine machine) {
        this.machine = machine;
    }

    @Override
    public Users look() {
        Set<String> gone = Set.copyOf(closed);
        return below -> below.devices().stream()
                .filter(device -> !gone.contains(device.path()))
                .flatMap(device -> Optional.ofNullable(machine.openers().get(device.path())).stream())
                .findFirst();
    }

    void close(String path) {
        closed.add(path);
    }

    @Override
    public Traffic traffic(Device disk) {
        return new Traffic(0, 0, 0);
    }
}
