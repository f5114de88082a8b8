// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import org.quiesced.device.Device;

/**
 * The SCSI commands that we send. Each waits for its completion; its message on failure names the device and decodes
 * the sense data.
 */
public interface ScsiCommands {
    /**
     * How many commands {@link #synchronizeCache} sends at the most: three attempts, and one more to learn that the
     * long form is needed.
     */
    int MOST_SYNCHRONIZE_COMMANDS = 4;

    /**
     * Makes a disk write its volatile cache to the medium: SYNCHRONIZE CACHE (10), or (16) where the disk does not know
     * the former (SBC-4, sections 5.34 and 5.35), for all blocks. Tries as often as the kernel's driver does, with its
     * time limit, and takes for done what that takes for done: a disk that does not support the command, has no medium
     * or is gone.
     *
     * @param disk the block device, {@code sdX}, whose driver is still bound
     */
    void synchronizeCache(Device disk) throws IOException;

    /**
     * Stops a disk: START STOP UNIT with START = 0 (SBC-4, section 5.31). One without a medium is stopped.
     *
     * @param scsiDevice the SCSI device, {@code H:C:T:L}; no driver is needed
     */
    void stop(Device scsiDevice) throws IOException;
}
