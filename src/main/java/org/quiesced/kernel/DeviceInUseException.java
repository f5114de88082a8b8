// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import org.quiesced.device.Device;

/** A disk is in use, so nothing may be done to it or to what carries it. */
public final class DeviceInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String disk;
    private final String user;

    /**
     * Makes an exception.
     *
     * @param user who uses the disk, in words, for example {@code mounted on /}
     */
    public DeviceInUseException(Device disk, String user) {
        super(disk.name() + " is in use: " + user);
        this.disk = disk.name();
        this.user = user;
    }

    /** Returns the name of the disk that is in use. */
    public String disk() {
        return disk;
    }

    /** Returns who uses it, in words. */
    public String user() {
        return user;
    }
}
