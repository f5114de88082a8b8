// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import org.quiesced.device.Device;

/**
 * The kernel's exclusive claims on whole disks: the authority on whether a disk is in use. A file system, swap, md,
 * device-mapper or any other holder of a disk, or of one of its partitions, has the claim, in whatever mount namespace
 * it lives.
 */
public interface BlockClaims {
    /**
     * Claims a disk. While the claim is held nobody can start to use the disk. A disk that is gone, or a drive without
     * a medium, has no user: its claim succeeds, and means nothing; so the adapter of disks that have gone down can
     * follow them.
     *
     * @throws DeviceInUseException if somebody has the claim; the message says who, as far as that can be found out
     * @throws IOException if the disk can't be opened; its message names the disk and the system's reason
     */
    Claim claim(Device disk) throws DeviceInUseException, IOException;

    /**
     * Looks at the users that show. Opens no disk. The machine's mounts and swap are read once, however many disks are asked about: whoever
     * asks about several takes one look for all of them.
     */
    VisibleUsers visibleUsers();

    /** A disk that is ours until it is closed. Closing twice does nothing. */
    interface Claim extends AutoCloseable {
        @Override
        void close();
    }
}
