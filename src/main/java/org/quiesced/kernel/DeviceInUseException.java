// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import org.quiesced.device.Device;

/** Thrown when a disk is in use, so that neither the disk nor a device that carries it may be touched. */
public final class DeviceInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String disk;
    private final String user;

    /**
     * Creates an exception.
     *
     * @param user description of the user, for example {@code mounted on /}
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

    /** Returns the description of the user. */
    public String user() {
        return user;
    }
}
