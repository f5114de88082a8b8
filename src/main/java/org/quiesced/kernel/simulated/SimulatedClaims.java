// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.quiesced.device.Device;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.User;
import org.quiesced.kernel.VisibleUsers;
import org.quiesced.work.simulated.SimulatedClock;

/** Claims on the disks of a simulated machine. */
final class SimulatedClaims implements BlockClaims {
    private final Machine machine;
    private final SimulatedClock clock;
    private final Set<Device> asked = ConcurrentHashMap.newKeySet();
    /** When the user of a disk or a partition released it, by the path of the disk or partition. */
    private final Map<String, Long> free = new ConcurrentHashMap<>();

    private final AtomicInteger held = new AtomicInteger();

    SimulatedClaims(Machine machine, SimulatedClock clock) {
        this.machine = machine;
        this.clock = clock;
    }

    @Override
    public Claim claim(Device disk) throws DeviceInUseException {
        if (SimulatedNvme.hasFault(machine, disk, Fault.OPEN_HANGS)) {
            clock.spend(SimulatedDrivers.AGES.toNanos());
        }
        Optional<User> user = visibleUsers().of(disk).map(DiskUser::user);
        boolean again = !asked.add(disk);
        if (user.isEmpty() && again && machine.faults().get(disk.path()) == Fault.MOUNTED_MEANWHILE) {
            user = Optional.of(new User.Mount("/meanwhile"));
        }
        if (user.isPresent()) {
            throw new DeviceInUseException(disk, user.get());
        }
        held.incrementAndGet();
        return held::decrementAndGet;
    }

    /** Returns the number of claims that are held. */
    int held() {
        return held.get();
    }

    void letGo(String disk) {
        free.putIfAbsent(disk, clock.now());
    }

    /** Returns whether a disk or a partition had a user of its own at a time. */
    boolean isUsedAt(Device part, long time) {
        return machine.uses().containsKey(part.path()) && time < free.getOrDefault(part.path(), Long.MAX_VALUE);
    }

    void letGo(DiskUser.Release release) {
        machine.uses().forEach((disk, user) -> {
            if (user.release() == release) {
                letGo(disk);
            }
        });
    }

    @Override
    public VisibleUsers visibleUsers() {
        return new UsersOfTheMoment(machine, Set.copyOf(free.keySet()));
    }

    private record UsersOfTheMoment(Machine machine, Set<String> free) implements VisibleUsers {
        @Override
        public Optional<DiskUser> of(Device disk) {
            return Stream.concat(Stream.of(disk), partitionsOf(disk))
                    .flatMap(part -> ownOf(part).stream())
                    .max(Comparator.comparing(DiskUser::release));
        }

        private Stream<Device> partitionsOf(Device disk) {
            return machine.tree().find(disk.path()).stream().flatMap(known -> machine.tree().children(known).stream());
        }

        @Override
        public Optional<DiskUser> ownOf(Device part) {
            return free.contains(part.path())
                    ? Optional.empty()
                    : Optional.ofNullable(machine.uses().get(part.path()));
        }
    }
}
