// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import org.quiesced.device.Device;

/**
 * The kernel's cache of the content of disks and partitions. It has what programs wrote to their nodes; the last
 * close(2) of a node writes it, but not while another process, such as the holder of a claim, has the node open.
 */
@FunctionalInterface
public interface PageCache {
    /**
     * Writes the data of a disk or a partition that only the cache has, and waits until the drive has received it.
     * Sends no request if there is none. A device that is gone has none.
     *
     * @throws IOException if the device cannot be opened or written to; the message names it and the system's reason
     */
    void writeBack(Device device) throws IOException;
}
