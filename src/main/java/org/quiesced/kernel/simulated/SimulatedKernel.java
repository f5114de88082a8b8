// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.LongConsumer;
import org.quiesced.device.Device;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.DiskUser;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.DueStops;
import org.quiesced.kernel.GracePeriods;
import org.quiesced.kernel.Holders;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.KernelMessages;
import org.quiesced.kernel.NvmeCommands;
import org.quiesced.kernel.NvmeRegisters;
import org.quiesced.kernel.PageCache;
import org.quiesced.kernel.ScsiCommands;
import org.quiesced.kernel.SharedClaims;
import org.quiesced.kernel.Usage;
import org.quiesced.work.IdleWorkers;
import org.quiesced.work.WorkerSource;
import org.quiesced.work.simulated.SimulatedClock;
import org.quiesced.work.simulated.VirtualClock;
import org.quiesced.work.simulated.VirtualWorkers;

/** The kernel of a simulated machine, for one shutdown. In virtual time it is not thread-safe. */
public final class SimulatedKernel implements Kernel {
    private final Machine machine;
    private final WorkerSource workers;
    private final OperationLog log;
    private final SimulatedClaims users;
    private final SimulatedUsage usage;
    private final BlockClaims claims;
    private final SimulatedDrivers drivers;
    private final SimulatedMessages messages = new SimulatedMessages();
    private final SimulatedGracePeriods gracePeriods = new SimulatedGracePeriods();
    private final SimulatedAttributes attributes;
    private final SimulatedDueStops dueStops = new SimulatedDueStops();
    private final SimulatedHolders holders;
    private final SimulatedNvme nvme;
    private final SimulatedNvmeRegisters registers;
    private final ScsiCommands scsi;

    /**
     * Creates a kernel in virtual time.
     *
     * @param onAdvance called with each new time, in nanoseconds from 0, before the virtual clock advances; it may
     *     block, which does not affect the simulation
     * @param workerCanStart whether the n-th attempt to start a worker, from 0, succeeds
     */
    public SimulatedKernel(Machine machine, LongConsumer onAdvance, IntPredicate workerCanStart) {
        this(machine, new VirtualClock(onAdvance), workerCanStart);
    }

    private SimulatedKernel(Machine machine, VirtualClock clock, IntPredicate workerCanStart) {
        this(machine, clock, new VirtualWorkers(clock, workerCanStart));
    }

    /**
     * Creates a kernel with a given clock and workers.
     *
     * @param workers use the clock
     */
    SimulatedKernel(Machine machine, SimulatedClock clock, WorkerSource workers) {
        this.machine = machine;
        this.workers = workers;
        this.log = new OperationLog(clock);
        this.usage = new SimulatedUsage(machine, clock);
        this.users = new SimulatedClaims(machine, clock);
        this.claims = new SharedClaims(users);
        this.attributes = new SimulatedAttributes();
        this.drivers = new SimulatedDrivers(machine, log, messages, attributes);
        this.holders = new SimulatedHolders(machine, clock, log, users, usage);
        this.nvme = new SimulatedNvme(machine, log, attributes);
        this.registers = new SimulatedNvmeRegisters(machine, log, clock, users);
        this.scsi = new SimulatedScsi(machine, log);
    }

    /** Creates a kernel in real time, with threads for workers. Thread-safe. */
    public static SimulatedKernel inRealTime(Machine machine) {
        return new SimulatedKernel(machine, new SimulatedClock.RealTime(), new IdleWorkers());
    }

    /** Creates a kernel in virtual time with an unlimited number of workers. */
    public SimulatedKernel(Machine machine) {
        this(machine, time -> {}, attempt -> true);
    }

    /** Makes the user of a disk release it. */
    public void letGo(String disk) {
        users.letGo(disk);
    }

    /** Makes all users with a given release release their disks. */
    public void letGo(DiskUser.Release release) {
        users.letGo(release);
    }

    /** Returns whether a device had a user or an opener of its own at a time of the kernel's clock. */
    public boolean isUsedAt(Device device, long time) {
        return users.isUsedAt(device, time) || usage.isOpenAt(device, time);
    }

    /** Returns the number of claims that are held on disks, and on controllers that are not kept. */
    public int claimsHeld() {
        return users.held() + registers.held();
    }

    /** Returns the number of times that the driver of a device was bound again. */
    public int bindings(Device device) {
        return drivers.bindings(device);
    }

    /** Simulates the end of the process that has used this kernel so far; later calls are those of another process. */
    public void processEnds() {
        dueStops.processEnds();
    }

    /** Returns workers that use the clock of this kernel. */
    public WorkerSource workers() {
        return workers;
    }

    /** Returns the log of the operations. */
    public OperationLog log() {
        return log;
    }

    @Override
    public DeviceTree readTree() {
        return machine.tree();
    }

    /** {@inheritDoc} Devices that a driver has created vanish when it is unbound. */
    @Override
    public DeviceTree readBelow(Device device) throws IOException {
        if (machine.faults().get(device.path()) == Fault.VANISHES) {
            throw new NoSuchFileException(device.name(), null, "the device is gone");
        }
        Optional<Device> above = machine.tree().parent(device);
        while (above.isPresent()) {
            if (hasLostDriver(above.get())) {
                throw new NoSuchFileException(device.name(), null, "the device is gone");
            }
            above = machine.tree().parent(above.get());
        }
        return hasLostDriver(device)
                ? DeviceTree.of(List.of(device), List.of())
                : machine.tree().below(device);
    }

    private boolean hasLostDriver(Device device) {
        return device.driver().isPresent()
                && !drivers.isBound(device)
                && machine.faults().get(device.path()) != Fault.BOUND_AGAIN;
    }

    @Override
    public Usage usage() {
        return usage;
    }

    /** Makes all openers of a device's node close it. */
    public void closeNode(String path) {
        usage.close(path);
    }

    @Override
    public BlockClaims claims() {
        return claims;
    }

    /** {@inheritDoc} The cache never has data that the disk has not. */
    @Override
    public PageCache pageCache() {
        return device -> {};
    }

    @Override
    public Drivers drivers() {
        return drivers;
    }

    @Override
    public Holders holders() {
        return holders;
    }

    /** Returns whether uevents were sent for the members of a holder. */
    public boolean isAnnounced(String holder) {
        return holders.isAnnounced(holder);
    }

    @Override
    public GracePeriods gracePeriods() {
        return gracePeriods;
    }

    /** Returns whether grace periods are expedited at this time. */
    public boolean hasExpeditedGracePeriods() {
        return gracePeriods.areExpedited();
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    @Override
    public NvmeCommands nvme() {
        return nvme;
    }

    @Override
    public NvmeRegisters nvmeRegisters() {
        return registers;
    }

    @Override
    public ScsiCommands scsi() {
        return scsi;
    }

    @Override
    public DueStops dueStops() {
        return dueStops;
    }

    @Override
    public KernelMessages messages() {
        return messages;
    }

    /** Returns the number of Identify commands to controllers. */
    public int identifications() {
        return nvme.identifications();
    }

    /** Adds a line to the kernel's log. */
    public void say(String line) {
        messages.say(line);
    }

    /** Adds a line to the kernel's log at the next unbind. */
    public void sayAtUnbind(String line) {
        messages.atUnbind(line);
    }

    /** Returns how often the kernel's log was read. */
    public int logReadings() {
        return messages.readings();
    }
}
