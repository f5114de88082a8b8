// SPDX-License-Identifier: Apache-2.0
package org.quiesced.kernel;

import java.io.IOException;
import org.quiesced.device.Device;

/** Somebody has bound another driver to a device than the one that the tree shows, for example to pass it to a virtual machine. */
public final class OtherDriverException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String driver;

    /**
     * Makes an exception.
     *
     * @param driver the driver that the device has now
     */
    public OtherDriverException(Device device, String driver) {
        super(device.name() + ": its driver is now " + driver);
        this.driver = driver;
    }

    /** Returns the name of the driver that the device has now. */
    public String driver() {
        return driver;
    }
}
