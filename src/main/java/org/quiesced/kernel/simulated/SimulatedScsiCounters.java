// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.simulated;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Optional;
import org.quiesced.device.Device;
import org.quiesced.kernel.ScsiCounters;

/** Counters of simulated SCSI disks: the attribute {@code start_stop_cycles} of the SCSI device. */
public final class SimulatedScsiCounters implements ScsiCounters {
    /** Creates an instance. */
    public SimulatedScsiCounters() {}

    /** {@inheritDoc} A disk without the attribute does not have the log page. */
    @Override
    public Optional<BigInteger> startStopCycles(Device scsiDevice) throws IOException {
        String cycles = scsiDevice
                .attribute("start_stop_cycles")
                .filter(text -> text.matches("\\d{1,10}"))
                .orElseThrow(() -> new IOException(scsiDevice.name() + ": LOG SENSE failed: invalid field in CDB"));
        return Optional.of(new BigInteger(cycles));
    }
}
