// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import org.quiesced.device.Device;

/**
 * The kernel's exclusive claims on whole disks, which decide whether a disk is in use. A file system, swap, md,
 * device-mapper or any other holder of a disk, or of one of its partitions, holds the claim, regardless of its mount
 * namespace.
 */
public interface BlockClaims {
    /**
     * Claims a disk. While the claim is held, no other user can start to use the disk. A claim on a disk that is gone,
     * or on a drive without a medium, succeeds and has no effect: such a disk has no user, and a host adapter can be
     * shut down after its disks.
     *
     * @throws DeviceInUseException if another user holds the claim; the message names that user if it is known
     * @throws IOException if the disk cannot be opened; its message names the disk and the system's reason
     */
    Claim claim(Device disk) throws DeviceInUseException, IOException;

    /**
     * Returns the visible users of disks, without opening a disk. Each call reads the machine's mounts and swap once,
     * so the result should be used for all disks of a caller.
     */
    VisibleUsers visibleUsers();

    /** A claim on one disk, held until it is closed. A second close has no effect. */
    interface Claim extends AutoCloseable {
        @Override
        void close();
    }
}
