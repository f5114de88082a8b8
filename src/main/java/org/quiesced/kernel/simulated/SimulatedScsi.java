// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.io.IOException;
import java.time.Duration;
import org.quiesced.device.Device;
import org.quiesced.kernel.ScsiCommands;

/** SCSI disks that synchronise at once and take their latency to stop. */
final class SimulatedScsi implements ScsiCommands {
    private final Machine machine;
    private final OperationLog log;

    SimulatedScsi(Machine machine, OperationLog log) {
        this.machine = machine;
        this.log = log;
    }

    @Override
    public void synchronizeCache(Device disk) throws IOException {
        if (SimulatedNvme.hasFault(machine, disk, Fault.FLUSH_FAILS)) {
            throw new IOException(disk.name() + ": SYNCHRONIZE CACHE failed: medium error, write error");
        }
        log.perform(disk, OperationLog.Kind.FLUSH, SimulatedNvme.flushTime(machine, disk));
    }

    @Override
    public void stop(Device scsiDevice) throws IOException {
        if (machine.faults().get(scsiDevice.path()) == Fault.STOP_FAILS) {
            throw new IOException(scsiDevice.name() + ": START STOP UNIT failed: hardware error");
        }
        log.perform(scsiDevice, OperationLog.Kind.STOP, machine.of(scsiDevice).orElse(Duration.ZERO));
    }
}
