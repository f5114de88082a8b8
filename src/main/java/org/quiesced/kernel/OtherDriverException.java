// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import org.quiesced.device.Device;

/**
 * Thrown when the driver bound to a device is not the one that the tree shows, for example because the device is to be
 * passed to a virtual machine.
 */
public final class OtherDriverException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String driver;

    /**
     * Creates an exception.
     *
     * @param driver the driver that is bound to the device
     */
    public OtherDriverException(Device device, String driver) {
        super(device.name() + ": its driver is now " + driver);
        this.driver = driver;
    }

    /** Returns the driver that is bound to the device. */
    public String driver() {
        return driver;
    }
}
