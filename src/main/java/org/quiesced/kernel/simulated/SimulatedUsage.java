// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.quiesced.device.Device;
import org.quiesced.kernel.Usage;
import org.quiesced.kernel.User;
import org.quiesced.work.simulated.SimulatedClock;

/** The openers of a machine description, until they close. */
final class SimulatedUsage implements Usage {
    private final Machine machine;
    private final SimulatedClock clock;
    /** When all openers of a node had closed it, by the path of its device. */
    private final Map<String, Long> closed = new ConcurrentHashMap<>();

    SimulatedUsage(Machine machine, SimulatedClock clock) {
        this.machine = machine;
        this.clock = clock;
    }

    @Override
    public Users scan() {
        Set<String> gone = Set.copyOf(closed.keySet());
        return below -> below.devices().stream()
                .filter(device -> !gone.contains(device.path()))
                .flatMap(device -> Optional.ofNullable(machine.openers().get(device.path())).stream())
                .findFirst()
                .map(User.Described::new);
    }

    void close(String path) {
        closed.putIfAbsent(path, clock.now());
    }

    /** Returns whether the node of a device was open at a time. */
    boolean isOpenAt(Device device, long time) {
        return machine.openers().containsKey(device.path())
                && time < closed.getOrDefault(device.path(), Long.MAX_VALUE);
    }

    @Override
    public Traffic traffic(Device disk) {
        return new Traffic(Requests.NONE, Requests.NONE);
    }
}
