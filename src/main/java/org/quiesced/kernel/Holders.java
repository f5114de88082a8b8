// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import org.quiesced.device.Device;

/**
 * Block devices that are stacked on disks and hold the claims on them: md arrays, devices of device-mapper and of
 * bcache. Thread-safe.
 */
public interface Holders {
    /** The attribute of a holder with the paths of its members, separated by spaces. */
    String MEMBERS = "members";

    /** Returns whether a holder exists and is active. */
    boolean isThere(Device holder);

    /**
     * Stops a holder that is neither open nor claimed; never by force. Its dirty data are on its members when this
     * method returns.
     *
     * @throws DeviceInUseException if it is open; nothing was done
     * @throws IOException if it cannot be stopped; it stays as it was
     */
    void stop(Device holder) throws DeviceInUseException, IOException;

    /**
     * Sends uevents for the members of a stopped holder, so that udev assembles it again.
     *
     * @throws IOException if the uevent of a member cannot be sent
     */
    void announce(Device holder) throws IOException;
}
