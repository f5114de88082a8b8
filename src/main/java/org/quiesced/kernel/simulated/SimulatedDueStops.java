// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.quiesced.device.Device;
import org.quiesced.kernel.DueStops;
import org.quiesced.shutdown.Verb;

/** Notes in memory. A method simulates the end of their process. */
final class SimulatedDueStops implements DueStops {
    private final Map<Device, Set<Verb>> own = new ConcurrentHashMap<>();
    private final Map<Device, Set<Verb>> left = new ConcurrentHashMap<>();

    @Override
    public void note(Device device, Set<Verb> verbs) {
        own.put(device, Set.copyOf(verbs));
    }

    @Override
    public void clear(Device device) {
        own.remove(device);
        left.remove(device);
    }

    @Override
    public Map<Device, Set<Verb>> left() {
        return Map.copyOf(left);
    }

    void processEnds() {
        left.putAll(own);
        own.clear();
    }
}
