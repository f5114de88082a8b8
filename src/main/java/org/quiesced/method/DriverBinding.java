// SPDX-License-Identifier: Apache-2.0
package org.quiesced.method;

import org.quiesced.device.Device;

/**
 * A driver, and the devices that are bound to it.
 *
 * @param bus the bus of the devices; the class, of those that are on none
 * @param driver the name of the driver, or {@link #NONE}
 * @param devices a shell pattern for the names of its devices, which no other entry of the driver's directory in sysfs
 *     matches ({@code bind}, {@code module}, {@code uevent}, {@code unbind})
 */
public record DriverBinding(String bus, String driver, String devices) {
    /** Stands for a missing driver, in the configuration too; no driver has this name. */
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
