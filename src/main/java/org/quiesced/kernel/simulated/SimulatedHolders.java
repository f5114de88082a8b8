// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceLink;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.Holders;
import org.quiesced.kernel.User;
import org.quiesced.work.simulated.SimulatedClock;

/** Holders of a simulated machine: a member is free when all holders on it are stopped. */
final class SimulatedHolders implements Holders {
    private final Machine machine;
    private final SimulatedClock clock;
    private final OperationLog log;
    private final SimulatedClaims users;
    private final SimulatedUsage usage;
    private final Set<String> stopped = ConcurrentHashMap.newKeySet();
    private final Set<String> announced = ConcurrentHashMap.newKeySet();

    SimulatedHolders(
            Machine machine, SimulatedClock clock, OperationLog log, SimulatedClaims users, SimulatedUsage usage) {
        this.machine = machine;
        this.clock = clock;
        this.log = log;
        this.users = users;
        this.usage = usage;
    }

    @Override
    public boolean isThere(Device holder) {
        return machine.tree().find(holder.path()).isPresent()
                && !stopped.contains(holder.path())
                && machine.faults().get(holder.path()) != Fault.VANISHES;
    }

    @Override
    public void stop(Device holder) throws IOException {
        long now = clock.now();
        boolean isOpen = users.isUsedAt(holder, now) || usage.isOpenAt(holder, now);
        boolean isBelow =
                machine.tree().consumersOf(holder).stream().anyMatch(link -> !stopped.contains(link.consumer()));
        if (isOpen || isBelow) {
            throw new DeviceInUseException(holder, new User.Open());
        }
        Fault fault = machine.faults().get(holder.path());
        if (fault == Fault.UNBIND_FAILS || !isThere(holder)) {
            throw new IOException(holder.name() + ": stop: Input/output error");
        }
        log.perform(
                holder,
                OperationLog.Kind.STOP_HOLDER,
                fault == Fault.HANGS
                        ? SimulatedDrivers.AGES
                        : machine.of(holder).orElse(Duration.ZERO));
        stopped.add(holder.path());
        for (DeviceLink member : machine.tree().suppliersOf(holder)) {
            boolean isFree = machine.tree().links().stream()
                    .filter(link -> link.supplier().equals(member.supplier()))
                    .allMatch(link -> stopped.contains(link.consumer()));
            if (isFree) {
                users.letGo(member.supplier());
            }
        }
    }

    @Override
    public void announce(Device holder) {
        announced.add(holder.path());
    }

    /** Returns whether uevents were sent for the members of a holder. */
    boolean isAnnounced(String holder) {
        return announced.contains(holder);
    }
}
