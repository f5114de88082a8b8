// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.util.function.IntPredicate;
import java.util.function.LongConsumer;
import org.quiesced.device.DeviceTree;
import org.quiesced.kernel.Attributes;
import org.quiesced.kernel.BlockClaims;
import org.quiesced.kernel.Crew;
import org.quiesced.kernel.Drivers;
import org.quiesced.kernel.Kernel;
import org.quiesced.kernel.NvmeCommands;
import org.quiesced.kernel.ScsiCommands;
import org.quiesced.kernel.SharedClaims;

/** The kernel of a machine made of data. For one thread, and for one shutdown. */
public final class SimulatedKernel implements Kernel {
    private final Machine machine;
    private final VirtualClock clock;
    private final IntPredicate workerCanStart;
    private final OperationLog log;
    private final BlockClaims claims;
    private final Drivers drivers;
    private final SimulatedAttributes attributes;
    private final NvmeCommands nvme;
    private final ScsiCommands scsi;

    /**
     * Makes a kernel.
     *
     * @param onAdvance is told of each new time in nanoseconds, from 0, before the virtual clock takes it; what it waits makes the
     *     simulation slower to watch and changes nothing else
     * @param workerCanStart whether the n-th attempt to start a worker, from 0, succeeds
     */
    public SimulatedKernel(Machine machine, LongConsumer onAdvance, IntPredicate workerCanStart) {
        this.machine = machine;
        this.clock = new VirtualClock(onAdvance);
        this.workerCanStart = workerCanStart;
        this.log = new OperationLog(clock);
        this.claims = new SharedClaims(new SimulatedClaims(machine));
        this.drivers = new SimulatedDrivers(machine, log);
        this.attributes = new SimulatedAttributes();
        this.nvme = new SimulatedNvme(machine, log);
        this.scsi = new SimulatedScsi(machine, log);
    }

    /** Makes a kernel that takes no real time and has as many workers as are asked for. */
    public SimulatedKernel(Machine machine) {
        this(machine, time -> {}, attempt -> true);
    }

    /** Returns what was done to which device, and when. */
    public OperationLog log() {
        return log;
    }

    @Override
    public DeviceTree readTree() {
        return machine.tree();
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
    public Attributes attributes() {
        return attributes;
    }

    @Override
    public NvmeCommands nvme() {
        return nvme;
    }

    @Override
    public ScsiCommands scsi() {
        return scsi;
    }

    @Override
    public <S> Crew<S> newCrew() {
        return new SimulatedCrew<>(clock, workerCanStart);
    }
}
