// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Optional;
import org.quiesced.device.Device;

/**
 * The counters of SCSI disks. Not part of {@link Kernel}, so that no shutdown of a device can read them: a disk may be
 * slow to answer, or be reset by the kernel if it does not.
 */
@FunctionalInterface
public interface ScsiCounters {
    /**
     * Reads the number of times that a disk was started and stopped in its life: LOG SENSE for the Start-Stop Cycle
     * Counter log page (SPC-5, sections 6.8 and 7.3.21). Waits for the completion.
     *
     * @param scsiDevice the SCSI device, {@code H:C:T:L}
     * @return the accumulated start-stop cycles; empty if the disk has that page without them
     * @throws IOException if the command fails: a disk without that page refuses it, and so does libata for its disks
     */
    Optional<BigInteger> startStopCycles(Device scsiDevice) throws IOException;
}
