// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import org.quiesced.device.Device;

/**
 * Block devices that stand on disks and hold the claims on them: md arrays, devices of device-mapper and of bcache.
 * Safe for use by several threads.
 */
public interface Holders {
    /** The attribute of a holder with the paths of the block devices that it stands on, separated by spaces. */
    String MEMBERS = "members";

    /** Returns whether a holder is there and works. */
    boolean isThere(Device holder);

    /**
     * Stops a holder that nobody has open or has claimed. What it still had to write is on its members when this
     * returns. Never by force.
     *
     * @throws DeviceInUseException if somebody has it open; nothing was done
     * @throws IOException if it cannot be stopped; it stays as it was
     */
    void stop(Device holder) throws DeviceInUseException, IOException;

    /**
     * Announces the members of a holder that was stopped to user space again, so that udev assembles it.
     *
     * @throws IOException if a member cannot be announced
     */
    void announce(Device holder) throws IOException;
}
