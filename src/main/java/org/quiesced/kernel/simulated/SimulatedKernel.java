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
import org.quiesced.kernel.ScsiCommands;
import org.quiesced.kernel.SharedClaims;
import org.quiesced.kernel.Usage;
import org.quiesced.work.IdleWorkers;
import org.quiesced.work.WorkerSource;
import org.quiesced.work.simulated.SimulatedClock;
import org.quiesced.work.simulated.VirtualClock;
import org.quiesced.work.simulated.VirtualWorkers;

/** The kernel of a machine made of data. For one shutdown; in virtual time, for one thread. */
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
     * Makes a kernel.
     *
     * @param onAdvance is told of each new time in nanoseconds, from 0, before the virtual clock takes it; what it
     *     waits makes the simulation slower to watch and changes nothing else
     * @param workerCanStart whether the n-th attempt to start a worker, from 0, succeeds
     */
    public SimulatedKernel(Machine machine, LongConsumer onAdvance, IntPredicate workerCanStart) {
        this(machine, new VirtualClock(onAdvance), workerCanStart);
    }

    private SimulatedKernel(Machine machine, VirtualClock clock, IntPredicate workerCanStart) {
        this(machine, clock, new VirtualWorkers(clock, workerCanStart));
    }

    /**
     * Makes a kernel with a clock and workers of one's own.
     *
     * @param workers go by the clock
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

    /**
     * Makes a kernel whose devices take as long as real ones would, with threads for workers; several threads may use
     * it.
     */
    public static SimulatedKernel inRealTime(Machine machine) {
        return new SimulatedKernel(machine, new SimulatedClock.RealTime(), new IdleWorkers());
    }

    /** Makes a kernel that takes no real time and has as many workers as are asked for. */
    public SimulatedKernel(Machine machine) {
        this(machine, time -> {}, attempt -> true);
    }

    /** Makes a disk's user let go of it. */
    public void letGo(String disk) {
        users.letGo(disk);
    }

    /** Makes all users let go that do so at that time of a shutdown. */
    public void letGo(DiskUser.Release release) {
        users.letGo(release);
    }

    /** Returns whether a device had a user or an opener of its own at that time of the kernel's clock. */
    public boolean isUsedAt(Device device, long time) {
        return users.isUsedAt(device, time) || usage.isOpenAt(device, time);
    }

    /** Returns how many claims on disks, and on controllers that are not kept to the end, are held. */
    public int claimsHeld() {
        return users.held() + registers.held();
    }

    /** Returns how often the driver of a device was bound to it again. */
    public int bindings(Device device) {
        return drivers.bindings(device);
    }

    /** Makes the process end that has asked this kernel so far; another one asks it from now on. */
    public void processEnds() {
        dueStops.processEnds();
    }

    /** Returns workers that go by the clock of this kernel. */
    public WorkerSource workers() {
        return workers;
    }

    /** Returns what was done to which device, and when. */
    public OperationLog log() {
        return log;
    }

    @Override
    public DeviceTree readTree() {
        return machine.tree();
    }

    /** A driver that goes takes along what it has made. */
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

    /** Makes everybody who has the node of a device open close it. */
    public void closeNode(String path) {
        usage.close(path);
    }

    @Override
    public BlockClaims claims() {
        return claims;
    }

    @Override
    public Drivers drivers() {
        return drivers;
    }

    @Override
    public Holders holders() {
        return holders;
    }

    /** Returns whether the members of a holder were announced to user space. */
    public boolean isAnnounced(String holder) {
        return holders.isAnnounced(holder);
    }

    @Override
    public GracePeriods gracePeriods() {
        return gracePeriods;
    }

    /** Returns whether the kernel ends grace periods at once now. */
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

    /** Returns how often controllers were asked who they are. */
    public int identifications() {
        return nvme.identifications();
    }

    /** Says something in the kernel's log. */
    public void say(String line) {
        messages.say(line);
    }

    /** Says something in the kernel's log when the next driver leaves. */
    public void sayAtUnbind(String line) {
        messages.atUnbind(line);
    }

    /** Returns how often the kernel's log was read. */
    public int logReadings() {
        return messages.readings();
    }
}
