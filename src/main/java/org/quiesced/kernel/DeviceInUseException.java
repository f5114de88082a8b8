// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import org.quiesced.device.Device;

/** Thrown when a disk is in use, so that neither the disk nor a device that carries it may be touched. */
public final class DeviceInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String disk;
    private final transient User user;

    /** Creates an exception. */
    public DeviceInUseException(Device disk, User user) {
        super(disk.name() + " is in use: " + user.describe());
        this.disk = disk.name();
        this.user = user;
    }

    /** Returns the name of the disk that is in use. */
    public String disk() {
        return disk;
    }

    /** Returns the user. */
    public User user() {
        return user;
    }
}
