// SPDX-License-Identifier: Apache-2.0
package org.quiesced.device;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A device of the kernel's device tree, as of the time at which sysfs was read.
 *
 * @param path the device's place below the sysfs mount, for example {@code
 *     /devices/pci0000:00/0000:00:04.0/0000:01:00.0}; it identifies the device
 * @param subsystem the name of the bus or class that the device belongs to, for example {@code pci} or {@code block}
 * @param onBus whether the subsystem is a bus. Of the other devices only controllers of NVMe over fabrics have a
 *     driver, which sysfs shows by their transport, and block devices that are to be stopped as holders of others
 * @param driver the name of the driver that is bound to the device, if one is; for a block device that is to be stopped
 *     as a holder of others, the part of the kernel that creates it: {@code md}, {@code dm} or {@code bcache}
 * @param attributes those sysfs attributes that planning, shutting down or reporting use, by name and without the
 *     closing line end
 */
public record Device(
        String path, String subsystem, boolean onBus, Optional<String> driver, Map<String, String> attributes) {

    /**
     * Checks the path and copies the attributes.
     *
     * @throws IllegalArgumentException if the path is not absolute
     */
    public Device {
        Objects.requireNonNull(subsystem);
        if (!path.startsWith("/") || path.endsWith("/")) {
            throw new IllegalArgumentException("not a device path: " + path);
        }
        attributes = Map.copyOf(attributes);
    }

    /** Returns the device's sysfs name: the last part of its path. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Returns the value of an attribute that was read with the device. */
    public Optional<String> attribute(String name) {
        return Optional.ofNullable(attributes.get(name));
    }

    /** Returns whether the device is a block device that is to be stopped as a holder of others. */
    public boolean isHolder() {
        return driver.isPresent() && subsystem.equals("block");
    }

    /** Returns the same device with further attributes, which replace those of the same names. */
    public Device with(Map<String, String> further) {
        if (further.isEmpty()) {
            return this;
        }
        Map<String, String> all = new HashMap<>(attributes);
        all.putAll(further);
        return new Device(path, subsystem, onBus, driver, all);
    }

    /** Returns whether the device belongs to the bus or class of that name. */
    public boolean isA(String subsystemName) {
        return subsystem.equals(subsystemName);
    }

    /** Returns whether the driver of that name, for the bus or class of that name, is bound to the device. */
    public boolean isBoundTo(String subsystemName, String driverName) {
        return subsystem.equals(subsystemName)
                && driver.isPresent()
                && driver.get().equals(driverName);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Device device && path.equals(device.path);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    @Override
    public String toString() {
        return name();
    }
}
