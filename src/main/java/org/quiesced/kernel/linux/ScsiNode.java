// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.quiesced.device.Device;
import org.quiesced.linux.ErrnoException;
import org.quiesced.linux.NativeFile;
import org.quiesced.linux.ScsiGeneric;

/**
 * The node by which a SCSI device takes commands whatever driver it has: that of bsg, which takes version 4 of {@code
 * SG_IO}, or else that of sg, which takes version 3.
 *
 * @param path the path of the node
 * @param isBsg whether it is that of bsg
 */
record ScsiNode(String path, boolean isBsg) {
    /**
     * Returns the node of a device.
     *
     * @throws IOException if it has none
     */
    static ScsiNode of(Path sys, Path dev, Device scsiDevice) throws IOException {
        String bsg = dev + "/bsg/" + scsiDevice.name();
        if (new File(bsg).exists()) {
            return new ScsiNode(bsg, true);
        }
        String[] names = new File(sys + scsiDevice.path() + "/scsi_generic").list();
        if (names == null || names.length == 0) {
            throw new IOException(scsiDevice.name() + ": neither " + bsg + " nor an sg device is there");
        }
        return new ScsiNode(dev + "/" + names[0], false);
    }

    /**
     * Sends a command to the open node.
     *
     * @throws ErrnoException if the kernel rejects the command
     */
    ScsiGeneric.Result send(NativeFile node, byte[] command, Duration timeout) throws ErrnoException {
        return isBsg ? ScsiGeneric.sendV4(node, command, timeout) : ScsiGeneric.sendV3(node, command, timeout);
    }

    /**
     * Sends a command that reads data to the open node.
     *
     * @throws ErrnoException if the kernel rejects the command
     */
    ScsiGeneric.Answer read(NativeFile node, byte[] command, int length, Duration timeout) throws ErrnoException {
        return isBsg
                ? ScsiGeneric.readV4(node, command, length, timeout)
                : ScsiGeneric.readV3(node, command, length, timeout);
    }
}
