// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.quiesced.device.Device;
import org.quiesced.kernel.Drivers;

/** Drivers that take their time to be unbound, and may refuse. */
final class SimulatedDrivers implements Drivers {
    /** Longer than anybody waits. */
    static final Duration AGES = Duration.ofHours(1);

    private final Machine machine;
    private final OperationLog log;
    private final Set<Device> unbound = ConcurrentHashMap.newKeySet();

    SimulatedDrivers(Machine machine, OperationLog log) {
        this.machine = machine;
        this.log = log;
    }

    @Override
    public boolean isBound(Device device) {
        return device.driver().isPresent()
                && !unbound.contains(device)
                && machine.faults().get(device.path()) != Fault.VANISHES;
    }

    @Override
    public void unbind(Device device) throws IOException {
        Fault fault = machine.faults().get(device.path());
        if (fault == Fault.UNBIND_FAILS || !isBound(device)) {
            throw new IOException(device.name() + ": unbind: No such device");
        }
        // A SCSI disk spends its time in START STOP UNIT, which is a step of its own.
        Duration latency = device.isBoundTo("scsi", "sd")
                ? Duration.ZERO
                : machine.of(device).orElse(Duration.ZERO);
        log.perform(device, OperationLog.Kind.UNBIND, fault == Fault.HANGS ? AGES : latency);
        unbound.add(device);
    }

    @Override
    public void bind(Device device) throws IOException {
        if (!unbound.remove(device)) {
            throw new IOException(device.name() + ": bind: No such device");
        }
    }

    @Override
    public Optional<String> parameter(String module, String name) {
        return Optional.empty();
    }
}
