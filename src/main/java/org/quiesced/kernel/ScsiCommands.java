// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import org.quiesced.device.Device;

/** The SCSI commands that we send. Each waits for its completion; its message on failure names the device and decodes the sense data. */
public interface ScsiCommands {
    /**
     * Makes a disk write its volatile cache to the medium: SYNCHRONIZE CACHE (10), or (16) where the disk does not know the former
     * (SBC-4, sections 5.34 and 5.35), for all blocks.
     *
     * @param disk the block device, {@code sdX}, whose driver is still bound
     */
    void synchronizeCache(Device disk) throws IOException;

    /**
     * Stops a disk: START STOP UNIT with START = 0 (SBC-4, section 5.31).
     *
     * @param scsiDevice the SCSI device, {@code H:C:T:L}; no driver is needed
     */
    void stop(Device scsiDevice) throws IOException;
}
