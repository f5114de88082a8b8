// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import org.quiesced.device.Device;

/**
 * A driver and its devices.
 *
 * @param bus the bus of the devices, or their class if they are on no bus
 * @param driver the name of the driver, or {@link #NONE}
 * @param devices a shell pattern for the names of its devices, which matches no other entry of the driver's directory
 *     in sysfs ({@code bind}, {@code module}, {@code uevent}, {@code unbind})
 */
public record DriverBinding(String bus, String driver, String devices) {
    /** The name for a missing driver, also in the configuration; no driver has this name. */
    public static final String NONE = "none";

    /** Returns whether a device is bound to the driver. */
    public boolean covers(Device device) {
        return driver.equals(NONE)
                ? device.onBus() && device.isA(bus) && device.driver().isEmpty()
                : device.isBoundTo(bus, driver);
    }

    /** Returns the shell pattern by which the shutdown hook finds the devices in sysfs. */
    public String glob() {
        return "/sys/bus/" + bus + "/drivers/" + driver + "/" + devices;
    }
}
