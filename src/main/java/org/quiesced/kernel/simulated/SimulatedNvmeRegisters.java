// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.quiesced.device.Device;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.NvmeRegisters;
import org.quiesced.kernel.User;
import org.quiesced.work.simulated.SimulatedClock;

/**
 * NVMe controllers whose notification takes their latency to complete. A controller that is bound to {@code vfio-pci}
 * is reset when it is opened, and so is not enabled.
 */
final class SimulatedNvmeRegisters implements NvmeRegisters {
    private static final int CC = 0x14;
    private static final int CC_ENABLED = 0x1;
    private static final int CC_SHN = 0xC000;
    private static final int CC_SHN_NORMAL = 0x4000;
    private static final int CSTS = 0x1C;
    private static final int CSTS_READY = 0x1;
    private static final int CSTS_FATAL = 0x2;
    private static final int CSTS_OCCURRING = 0x4;
    private static final int CSTS_COMPLETE = 0x8;
    private static final int ALL_ONES = -1;

    private final Machine machine;
    private final OperationLog log;
    private final SimulatedClock clock;
    private final SimulatedClaims users;
    private final Set<Device> kept = ConcurrentHashMap.newKeySet();
    private final AtomicInteger held = new AtomicInteger();

    SimulatedNvmeRegisters(Machine machine, OperationLog log, SimulatedClock clock, SimulatedClaims users) {
        this.machine = machine;
        this.log = log;
        this.clock = clock;
        this.users = users;
    }

    private Optional<Fault> fault(Device device) {
        return Optional.ofNullable(machine.faults().get(device.path()));
    }

    private boolean has(Device device, Fault fault) {
        return fault(device).equals(Optional.of(fault));
    }

    @Override
    public Claim claim(Device controller) throws DeviceInUseException {
        if (has(controller, Fault.OPEN_HANGS)) {
            clock.spend(SimulatedDrivers.AGES.toNanos());
        }
        boolean isExclusive = controller.driver().equals(Optional.of(VFIO_DRIVER));
        if (isExclusive && users.isUsedAt(controller, clock.now())) {
            throw new DeviceInUseException(controller, new User.VfioGroup("7"));
        }
        held.incrementAndGet();
        return new SimulatedClaim(controller, isExclusive);
    }

    @Override
    public void giveBack(Device controller) {
        if (kept.remove(controller)) {
            held.decrementAndGet();
        }
    }

    @Override
    public boolean isKeeping() {
        return !kept.isEmpty();
    }

    /** Returns the number of controllers that are claimed and not kept. */
    int held() {
        return held.get() - kept.size();
    }

    private final class SimulatedClaim implements Claim {
        private final Device controller;
        private final boolean isExclusive;
        private boolean isClosed;

        SimulatedClaim(Device controller, boolean isExclusive) {
            this.controller = controller;
            this.isExclusive = isExclusive;
        }

        @Override
        public boolean isExclusive() {
            return isExclusive;
        }

        @Override
        public void refuseUse() throws DeviceInUseException {
            if (!isExclusive && users.isUsedAt(controller, clock.now())) {
                throw new DeviceInUseException(controller, new User.Described("open by spdk_tgt"));
            }
        }

        @Override
        public Access open() throws IOException {
            if (has(controller, Fault.UNBIND_FAILS)) {
                throw new IOException(controller.name() + ": Operation not permitted");
            }
            return new SimulatedAccess(controller, !isExclusive);
        }

        @Override
        public void keep() {
            kept.add(controller);
        }

        @Override
        public void close() {
            if (!isClosed && !kept.contains(controller)) {
                isClosed = true;
                held.decrementAndGet();
            }
        }
    }

    private final class SimulatedAccess implements Access {
        private final Device controller;
        private int configuration;
        private int status;

        SimulatedAccess(Device controller, boolean isEnabled) {
            this.controller = controller;
            this.configuration = isEnabled ? CC_ENABLED : 0;
            this.status = isEnabled ? CSTS_READY : 0;
            if (has(controller, Fault.IDENTIFY_FAILS)) {
                status |= CSTS_FATAL;
            }
        }

        @Override
        public int read(int offset) {
            if (has(controller, Fault.FLUSH_FAILS)) {
                return ALL_ONES;
            }
            return switch (offset) {
                case CC -> configuration;
                case CSTS -> status;
                default -> 0;
            };
        }

        @Override
        public void write(int offset, int value) {
            if (offset != CC || value != (configuration | CC_SHN_NORMAL)) {
                throw new IllegalStateException(controller + ": nothing but CC.SHN = 01b may be written");
            }
            boolean isNew = (configuration & CC_SHN) == 0;
            configuration = value;
            if (isNew && !has(controller, Fault.UNCONFIRMED)) {
                status |= CSTS_OCCURRING;
            }
        }

        @Override
        public int awaitChange(int offset, int mask, int former, Duration limit) {
            boolean waits = offset == CSTS && (read(offset) & mask) == former;
            if (waits && former == CSTS_OCCURRING) {
                Duration latency = has(controller, Fault.HANGS)
                        ? SimulatedDrivers.AGES
                        : machine.of(controller).orElse(Duration.ZERO);
                boolean completes = latency.compareTo(limit) <= 0;
                log.perform(controller, OperationLog.Kind.NOTIFY, completes ? latency : limit);
                if (completes) {
                    status = status & ~CSTS_OCCURRING | CSTS_COMPLETE;
                }
            } else if (waits) {
                log.perform(controller, OperationLog.Kind.NOTIFY, limit);
            }
            return read(offset);
        }
    }
}
