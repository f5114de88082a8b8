// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.quiesced.device.Device;
import org.quiesced.kernel.DeviceInUseException;
import org.quiesced.kernel.NvmeRegisters;
import org.quiesced.kernel.User;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.PseudoFile;
import org.quiesced.linux.Registers;
import org.quiesced.linux.Vfio;

/**
 * Accesses NVMe controllers by VFIO if they are bound to {@code vfio-pci}, or else by their file {@code resource0} in
 * sysfs.
 */
final class LinuxNvmeRegisters implements NvmeRegisters {
    /** Interval at which a register is polled, in nanoseconds. */
    private static final long INTERVAL = Duration.ofMillis(2).toNanos();

    private final String sys;
    private final boolean isStandIn;
    private final VfioGroups groups;
    private final RegisterUsers users;
    private final Map<Device, Hold> kept = new ConcurrentHashMap<>();

    /**
     * Creates the registers of a machine.
     *
     * @param sys sysfs
     * @param proc procfs
     * @param dev the directory of device nodes
     * @param isStandIn whether these are ordinary files without controllers
     */
    LinuxNvmeRegisters(Path sys, Path proc, Path dev, DeviceNode.Opener opener, boolean isStandIn) {
        this.sys = sys.toString();
        this.isStandIn = isStandIn;
        this.users = new RegisterUsers(
                this.sys, proc.toString(), ProcessHandle.current().pid());
        this.groups = new VfioGroups(dev + "/vfio", opener::open);
    }

    @Override
    public Claim claim(Device controller) throws IOException {
        String type = PseudoFile.read(sys + controller.path() + "/class").orElse("missing");
        if (!controller.isA("pci") || !type.equals(PCI_CLASS)) {
            throw new IOException(controller.name() + ": is no NVMe controller: its class is " + type);
        }
        Hold hold = controller.driver().equals(Optional.of(VFIO_DRIVER))
                ? GroupHold.of(controller, sys, groups)
                : new ResourceFile(sys + controller.path(), controller.driver().isEmpty(), isStandIn);
        return new HeldClaim(controller, hold);
    }

    @Override
    public void giveBack(Device controller) throws IOException {
        Hold hold = kept.remove(controller);
        if (hold != null) {
            hold.release();
        }
    }

    @Override
    public boolean isKeeping() {
        return !kept.isEmpty();
    }

    /** The state of a claim on a controller. */
    interface Hold {
        /** Returns whether it excludes other processes. */
        boolean isExclusive();

        /**
         * Makes the registers accessible.
         *
         * @throws IOException if the kernel refuses
         */
        Registers open() throws IOException;

        /**
         * Ends the access and restores the controller's former state.
         *
         * @throws IOException if the state cannot be restored
         */
        void release() throws IOException;
    }

    /** A device of a group that this process has open. */
    private static final class GroupHold implements Hold {
        private final String name;
        private final VfioGroups.Shared group;
        private Optional<Vfio.Device> device = Optional.empty();

        private GroupHold(String name, VfioGroups.Shared group) {
            this.name = name;
            this.group = group;
        }

        static GroupHold of(Device controller, String sys, VfioGroups groups) throws IOException {
            String number = PseudoFile.link(sys + controller.path() + "/iommu_group")
                    .map(link -> link.substring(link.lastIndexOf('/') + 1))
                    .orElseThrow(() -> new IOException(controller.name() + ": is in no IOMMU group"));
            try {
                return new GroupHold(controller.name(), groups.join(number));
            } catch (ErrnoException e) {
                if (e.errno() == ErrnoException.EBUSY) {
                    throw new DeviceInUseException(controller, new User.VfioGroup(number));
                }
                throw e;
            }
        }

        @Override
        public boolean isExclusive() {
            return true;
        }

        @Override
        public Registers open() throws IOException {
            Vfio.Device opened = group.group().device(name);
            device = Optional.of(opened);
            return opened;
        }

        @Override
        public void release() {
            device.ifPresent(Vfio.Device::close);
            group.close();
        }
    }

    private final class HeldClaim implements Claim {
        private final Device controller;
        private final Hold hold;
        private boolean isKept;

        HeldClaim(Device controller, Hold hold) {
            this.controller = controller;
            this.hold = hold;
        }

        @Override
        public boolean isExclusive() {
            return hold.isExclusive();
        }

        @Override
        public void refuseUse() throws IOException {
            if (!hold.isExclusive()) {
                Optional<User> user = users.of(controller);
                if (user.isPresent()) {
                    throw new DeviceInUseException(controller, user.get());
                }
            }
        }

        @Override
        public Access open() throws IOException {
            return new Polled(hold.open());
        }

        @Override
        public void keep() {
            isKept = true;
            Hold former = kept.put(controller, hold);
            if (former != null && former != hold) {
                release(former);
            }
        }

        @Override
        public void close() {
            if (!isKept) {
                release(hold);
            }
        }

        private static void release(Hold hold) {
            try {
                hold.release();
            } catch (IOException e) {
                // The controller is unused, and its next user enables it.
                return;
            }
        }
    }

    /** Registers that are polled. A field of a stand-in counts as changed at once, in all of its bits. */
    private record Polled(Registers registers) implements Access {
        @Override
        public int read(int offset) throws IOException {
            return registers.read(offset);
        }

        @Override
        public void write(int offset, int value) throws IOException {
            registers.write(offset, value);
        }

        @Override
        public int awaitChange(int offset, int mask, int former, Duration limit) throws IOException {
            if (registers.isStandIn()) {
                return former ^ mask;
            }
            long begin = System.nanoTime();
            int value = registers.read(offset);
            while ((value & mask) == former && System.nanoTime() - begin < limit.toNanos()) {
                LockSupport.parkNanos(INTERVAL);
                value = registers.read(offset);
            }
            return value;
        }
    }
}
