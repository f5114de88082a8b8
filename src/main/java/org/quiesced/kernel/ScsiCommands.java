// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import org.quiesced.device.Device;

/**
 * The SCSI commands that are sent to disks. Each method waits for the completion; the message of its exception names
 * the device and decodes the sense data.
 */
public interface ScsiCommands {
    /**
     * Maximum number of commands that {@link #synchronizeCache} sends: three attempts, and one more to learn that the
     * long form is needed.
     */
    int MOST_SYNCHRONIZE_COMMANDS = 4;

    /**
     * Writes the volatile cache of a disk to the medium: SYNCHRONIZE CACHE (10), or (16) if the disk does not support
     * the former (SBC-4, sections 5.34 and 5.35), for all blocks. Makes as many attempts as the kernel's driver, with
     * the driver's time limit, and has the driver's criteria of success, which include a disk that does not support the
     * command, has no medium or is gone.
     *
     * @param disk the block device, {@code sdX}, whose driver is still bound
     * @throws IOException if the command fails or its time limit passes
     */
    void synchronizeCache(Device disk) throws IOException;

    /**
     * Stops a disk: START STOP UNIT with START = 0 (SBC-4, section 5.31). A disk without a medium counts as stopped.
     *
     * @param scsiDevice the SCSI device, {@code H:C:T:L}; no driver is needed
     * @throws IOException if the command fails or its time limit passes
     */
    void stop(Device scsiDevice) throws IOException;
}
